// tries: the same behind one that is allowed
// verdict: refused attribute
namespace lab {
[[nodiscard, clang::no_sanitize("thread")]] int unwatched(int& to) { return ++to; }
}  // namespace lab
