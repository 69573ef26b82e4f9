// tries: to end the program from a signal handler
// verdict: refused needed_symbol
extern "C" void (*signal(int, void (*)(int)) noexcept)(int);
namespace lab {
namespace {
const auto before = signal(11, [](int) { std::exit(0); });
}  // namespace
}  // namespace lab
