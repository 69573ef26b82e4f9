// tries: a function that the program calls at its end
// verdict: refused needed_symbol
namespace lab {
namespace {
const int first = std::atexit([] { std::puts("All tests passed"); });
}  // namespace
}  // namespace lab
