// tries: a function that ThreadSanitizer does not watch
// verdict: refused attribute
namespace lab {
__attribute__((no_sanitize("thread"))) void unwatched(int& to) { ++to; }
}  // namespace lab
