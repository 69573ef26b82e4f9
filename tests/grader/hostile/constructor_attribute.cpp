// tries: a function that runs before main
// verdict: refused attribute
namespace lab {
__attribute__((constructor(101))) void early() {}
}  // namespace lab
