// Wait without a predicate: when the notification comes before the wait, nobody is there to hear it.
// expected: deadlock
// deviations: 1

#include <cassert>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace {

std::mutex mutex;
std::condition_variable boiled;
bool is_hot = false;  // Guarded by mutex.

void make_tea() {
  std::unique_lock lock(mutex);
  boiled.wait(lock);  // The water may be hot already.
}

void boil_water() {
  const std::lock_guard lock(mutex);
  is_hot = true;
  boiled.notify_one();
}

}  // namespace

int main() {
  std::thread cook(make_tea);
  std::thread kettle(boil_water);
  cook.join();
  kettle.join();
  assert(is_hot);
}
