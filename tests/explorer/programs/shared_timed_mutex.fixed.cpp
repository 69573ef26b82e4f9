// Shared timed mutex: readers share it, a writer has it alone, and whoever is refused in time does without.
// expected: passed

#include <atomic>
#include <cassert>
#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <thread>

namespace {

using std::chrono::milliseconds;

std::shared_timed_mutex mutex;
int first_half = 0;   // Guarded by mutex.
int second_half = 0;  // Guarded by mutex. Equal to first_half whenever no writer has the mutex.

void compare_halves() {
  const std::shared_lock lock(mutex, milliseconds(1));
  if (lock.owns_lock()) assert(first_half == second_half);
}

void raise_halves() {
  const std::unique_lock lock(mutex);
  ++first_half;
  ++second_half;
}

void refuse_writer() {
  const std::shared_lock shared(mutex);
  std::thread writer([] {
    const bool entered = mutex.try_lock_for(milliseconds(1));
    assert(!entered);
  });
  writer.join();
}

}  // namespace

int main() {
  refuse_writer();
  std::thread reader(compare_halves);
  std::thread writer(raise_halves);
  reader.join();
  writer.join();
  assert(first_half == 1 && second_half == 1);
}
