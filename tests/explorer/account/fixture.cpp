// A program with known places: prints a line "NAME ADDRESS LINE" for each, LINE 0 where there is none to know.
// Linked with -no-pie, with debug information and without optimisation.
#include <algorithm>
#include <cstdint>
#include <cstdio>

namespace {
int hidden = 1;
}

namespace bank {
struct Account {
  std::int64_t balance = 0;
  std::int64_t limit = 0;
};
Account account;

template <class Number>
[[gnu::noinline]] void* return_address(Number) {
  return __builtin_return_address(0);
}

void say(const char* name, const void* address, int line) { std::printf("%s %p %d\n", name, address, line); }

[[gnu::always_inline]] inline void inlined() { say("inlined", return_address(1), __LINE__); }

template <class Number>
void of_template(Number number) {
  say("template", return_address(number), __LINE__);
}

struct Teller {
  void operator()(int number) const { say("operator", return_address(number), __LINE__); }
};
}  // namespace bank

namespace lab::explorer {
void hook() { bank::say("runtime", bank::return_address(1), __LINE__); }
}  // namespace lab::explorer

extern "C" void in_c() { bank::say("c", bank::return_address(1), __LINE__); }

int main() {
  static int calls = 0;
  ++calls;
  bank::say("main", bank::return_address(1), __LINE__);
  const auto lambda = [](int number) { bank::say("lambda", bank::return_address(number), __LINE__); };
  lambda(1);
  bank::inlined();
  bank::of_template(1);
  bank::Teller{}(1);
  lab::explorer::hook();
  in_c();
  bank::say("account", &bank::account, 0);
  bank::say("hidden", &hidden, 0);
  bank::say("calls", &calls, 0);
  const int& (*library)(const int&, const int&) = std::max<int>;
  bank::say("library", reinterpret_cast<const char*>(reinterpret_cast<std::uintptr_t>(library)) + 1, 0);
}
