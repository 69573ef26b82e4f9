// Lost update: the counter is atomic, but its load and its store are two steps and another thread fits between them.
// expected: assertion
// deviations: 1

#include <atomic>
#include <cassert>
#include <thread>

namespace {

std::atomic<int> visitors{0};

// Each step is atomic, the two together are not: both threads may read the same number.
void count_visitor() {
  const int before = visitors.load();
  visitors.store(before + 1);
}

}  // namespace

int main() {
  std::thread north_gate(count_visitor);
  std::thread south_gate(count_visitor);
  north_gate.join();
  south_gate.join();
  assert(visitors.load() == 2);
}
