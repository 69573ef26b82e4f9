// Bounded queue: consumers and the producer have a condition variable each, so a notification reaches the right side.
// expected: passed

#include <cassert>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace {

std::mutex mutex;
std::condition_variable not_full;
std::condition_variable not_empty;
bool full = false;  // Guarded by mutex: the queue holds one item.
int item = 0;       // Guarded by mutex.

void put(int value) {
  std::unique_lock lock(mutex);
  not_full.wait(lock, [] { return !full; });
  item = value;
  full = true;
  not_empty.notify_one();
}

int take() {
  std::unique_lock lock(mutex);
  not_empty.wait(lock, [] { return full; });
  full = false;
  not_full.notify_one();
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
