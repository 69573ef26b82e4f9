// tries: the same for a lambda
// verdict: refused attribute
namespace lab {
void unwatched(int& to) { [&]() __attribute__((no_sanitize("thread"))) { ++to; }(); }
}  // namespace lab
