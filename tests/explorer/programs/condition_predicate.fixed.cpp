// Wait with a predicate: the waiter looks first, and sleeps only while there is something to wait for.
// expected: passed

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
  boiled.wait(lock, [] { return is_hot; });
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
