// tries: the same with digraphs
// verdict: refused attribute
namespace lab {
<:<:clang::no_sanitize("thread"):>:> void unwatched(int& to) { ++to; }
}  // namespace lab
