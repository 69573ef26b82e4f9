// Thread-local objects: each thread that uses one gets its own, and it is destroyed before join() returns.
// expected: passed

#include <atomic>
#include <cassert>
#include <thread>

namespace {

std::atomic<int> built{0};
std::atomic<int> destroyed{0};
std::atomic<int> total{0};

struct Tally {
  Tally() { ++built; }
  ~Tally() {
    total += count;
    ++destroyed;
  }
  int count = 0;
};

void count_to(int limit) {
  thread_local Tally tally;
  while (tally.count < limit) ++tally.count;
}

}  // namespace

int main() {
  std::thread first(count_to, 3);
  std::thread second(count_to, 4);
  std::thread idle([] {});  // Builds none.
  first.join();
  second.join();
  idle.join();
  assert(built == 2);
  assert(destroyed == 2);
  assert(total == 7);
}
