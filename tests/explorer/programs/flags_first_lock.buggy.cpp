// Two flags: each thread looks at the other's flag before it raises its own, so both may go in.
// expected: assertion
// deviations: 2

#include <array>
#include <atomic>
#include <cassert>
#include <thread>

namespace {

std::array<std::atomic<bool>, 2> flags{};

// Does not wait: a thread that finds the room taken goes away.
bool try_enter(int self) {
  if (flags[1 - self].load()) return false;
  flags[self].store(true);  // By now the other one may have looked as well, and seen nothing.
  return true;
}

void leave(int self) { flags[self].store(false); }

std::atomic<int> inside{0};

void visit(int self) {
  if (!try_enter(self)) return;
  const int others = inside.fetch_add(1);
  assert(others == 0);
  inside.fetch_sub(1);
  leave(self);
}

}  // namespace

int main() {
  std::thread first(visit, 0);
  std::thread second(visit, 1);
  first.join();
  second.join();
}
