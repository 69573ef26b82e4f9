// tries: the same with underscores
// verdict: refused reserved_name
namespace lab {
__attribute__((__no_sanitize__("thread"))) void unwatched(int& to) { ++to; }
}  // namespace lab
