// Relaxed publication: a relaxed flag announces plain data, so the reader's access is not ordered after the writer's.
// expected: data_race
// deviations: 0

#include <atomic>
#include <cassert>
#include <thread>

namespace {

int measurement = 0;              // Plain: it relies on the flag for its ordering.
std::atomic<bool> ready = false;  // True once the measurement is complete.

void measure() {
  measurement = 42;
  ready.store(true, std::memory_order_relaxed);  // Orders nothing: the line above may become visible later.
}

void report() {
  if (ready.load(std::memory_order_relaxed)) assert(measurement == 42);
}

}  // namespace

int main() {
  std::thread sensor(measure);
  std::thread display(report);
  sensor.join();
  display.join();
}
