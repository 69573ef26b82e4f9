// tries: the same with the newer name
// verdict: refused attribute
namespace lab {
__attribute__((disable_sanitizer_instrumentation)) void unwatched(int& to) { ++to; }
}  // namespace lab
