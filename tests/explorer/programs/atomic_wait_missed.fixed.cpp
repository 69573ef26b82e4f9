// Atomic wait: whoever changes the value notifies all who may sleep on it.
// expected: passed

#include <atomic>
#include <cassert>
#include <chrono>
#include <thread>

namespace {

std::atomic<int> light{0};  // 0 is red, 1 is green.

void drive() {
  light.wait(0);
  assert(light.load() == 1);
}

void turn_green() {
  light.store(1);
  light.notify_all();
}

}  // namespace

int main() {
  std::thread car(drive);
  // The length of a red light. Nothing relies on it: the car may come before or after its end.
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  turn_green();
  car.join();
}
