// Ordered publication: the flag is stored with release and loaded with acquire, so whoever sees it sees the data too.
// expected: passed

#include <atomic>
#include <cassert>
#include <thread>

namespace {

int measurement = 0;              // Plain: it relies on the flag for its ordering.
std::atomic<bool> ready = false;  // True once the measurement is complete.

void measure() {
  measurement = 42;
  ready.store(true, std::memory_order_release);  // Pairs with the acquire in report().
}

void report() {
  if (ready.load(std::memory_order_acquire)) assert(measurement == 42);
}

}  // namespace

int main() {
  std::thread sensor(measure);
  std::thread display(report);
  sensor.join();
  display.join();
}
