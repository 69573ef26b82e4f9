// Two flags: each thread raises its own flag before it looks at the other's, so at most one goes in.
// expected: passed

#include <array>
#include <atomic>
#include <cassert>
#include <thread>

namespace {

std::array<std::atomic<bool>, 2> flags{};

// Does not wait: a thread that finds the room taken goes away.
bool try_enter(int self) {
  flags[self].store(true);
  if (!flags[1 - self].load()) return true;  // Whoever looks later than this sees our flag.
  flags[self].store(false);
  return false;
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
