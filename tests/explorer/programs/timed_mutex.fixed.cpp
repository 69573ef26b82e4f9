// Timed mutex: an attempt on a mutex that stays locked fails after its time, one on a free mutex succeeds.
// expected: passed

#include <cassert>
#include <chrono>
#include <mutex>
#include <thread>

namespace {

using std::chrono::milliseconds;

std::timed_mutex occupied;  // Held by main() for as long as the threads run.
std::timed_mutex shared;
int uses = 0;      // Guarded by shared.
int refusals = 0;  // Guarded by shared.

void use(milliseconds patience) {
  const bool entered = occupied.try_lock_for(milliseconds(2));
  assert(!entered);
  // The other thread may have it, but gives it back soon. Whether that is soon enough is a matter of luck.
  const bool in_time = shared.try_lock_for(patience);
  if (!in_time) shared.lock();
  ++(in_time ? uses : refusals);
  shared.unlock();
}

}  // namespace

int main() {
  const bool free = shared.try_lock_for(milliseconds(1));
  assert(free);
  shared.unlock();

  occupied.lock();
  std::thread first(use, milliseconds(1));
  std::thread second(use, milliseconds(1));
  first.join();
  second.join();
  occupied.unlock();
  assert(uses + refusals == 2);
}
