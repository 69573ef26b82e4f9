// tries: the same with the attribute of C++
// verdict: refused attribute
namespace lab {
[[clang::no_sanitize("thread")]] void unwatched(int& to) { ++to; }
}  // namespace lab
