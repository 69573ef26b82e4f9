// Lock-free counter: three threads raise it by a compare-exchange loop, and no increment is lost.
// expected: passed

#include <atomic>
#include <cassert>
#include <thread>

namespace {

std::atomic<int> counter{0};

void increment() {
  int seen = counter.load(std::memory_order_relaxed);
  // A failure puts the current value into `seen`. Relaxed is enough: the counter orders nothing but itself.
  while (!counter.compare_exchange_weak(seen, seen + 1, std::memory_order_relaxed)) {
  }
}

}  // namespace

int main() {
  std::thread first(increment);
  std::thread second(increment);
  std::thread third(increment);
  first.join();
  second.join();
  third.join();
  assert(counter.load() == 3);
}
