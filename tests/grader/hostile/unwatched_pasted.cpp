// tries: the same with a name pasted by the preprocessor
// verdict: refused attribute
#define WITHOUT(what) __attribute__((no_##what("thread")))
namespace lab {
WITHOUT(sanitize) void unwatched(int& to) { ++to; }
}  // namespace lab
