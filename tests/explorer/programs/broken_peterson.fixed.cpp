// Peterson's lock: each thread gives the turn away before it checks, so the later one waits.
// expected: passed

#include <array>
#include <atomic>
#include <cassert>
#include <thread>

namespace {

std::array<std::atomic<bool>, 2> interested{};
std::atomic<int> turn{0};

void lock(int self) {
  const int other = 1 - self;
  interested[self].store(true);
  turn.store(other);  // Before the check: of two threads that come together, the later one waits.
  while (interested[other].load() && turn.load() == other) std::this_thread::yield();
}

void unlock(int self) { interested[self].store(false); }

std::atomic<int> inside{0};

void visit(int self) {
  lock(self);
  const int others = inside.fetch_add(1);
  assert(others == 0);
  inside.fetch_sub(1);
  unlock(self);
}

}  // namespace

int main() {
  std::thread first(visit, 0);
  std::thread second(visit, 1);
  first.join();
  second.join();
}
