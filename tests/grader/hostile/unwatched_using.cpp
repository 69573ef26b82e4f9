// tries: the same with a namespace for all
// verdict: refused attribute
namespace lab {
[[using clang: no_sanitize("thread")]] void unwatched(int& to) { ++to; }
}  // namespace lab
