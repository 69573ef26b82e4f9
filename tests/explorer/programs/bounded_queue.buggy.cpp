// Bounded queue: consumers and the producer sleep on one condition variable, and notify_one wakes the wrong one.
// expected: deadlock
// deviations: 2

#include <cassert>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace {

std::mutex mutex;
std::condition_variable changed;
bool full = false;  // Guarded by mutex: the queue holds one item.
int item = 0;       // Guarded by mutex.

void put(int value) {
  std::unique_lock lock(mutex);
  changed.wait(lock, [] { return !full; });
  item = value;
  full = true;
  changed.notify_one();
}

int take() {
  std::unique_lock lock(mutex);
  changed.wait(lock, [] { return full; });
  full = false;
  changed.notify_one();  // Meant for the producer; another consumer may get it, and go back to sleep.
  return item;
}

}  // namespace

int main() {
  int left = 0;
  int right = 0;
  std::thread left_consumer([&] { left = take(); });
  std::thread right_consumer([&] { right = take(); });
  put(1);
  put(2);
  left_consumer.join();
  right_consumer.join();
  assert(left + right == 3);
}
