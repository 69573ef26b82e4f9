// tries: the same with the shorter keyword
// verdict: refused reserved_name
namespace lab {
__attribute((no_sanitize("thread"))) void unwatched(int& to) { ++to; }
}  // namespace lab
