// tries: the same with the older name
// verdict: refused attribute
namespace lab {
__attribute__((no_sanitize_thread)) void unwatched(int& to) { ++to; }
}  // namespace lab
