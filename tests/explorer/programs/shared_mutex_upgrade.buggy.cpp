// Lock upgrade: a seat seen free under the shared lock is sold under the exclusive one, without a second look.
// expected: assertion
// deviations: 1

#include <cassert>
#include <mutex>
#include <shared_mutex>
#include <thread>

namespace {

std::shared_mutex mutex;
int free_seats = 1;  // Guarded by mutex.

bool any_free() {
  const std::shared_lock lock(mutex);
  return free_seats > 0;
}

void book() {
  if (!any_free()) return;
  const std::unique_lock lock(mutex);
  --free_seats;  // The shared lock was given up in between: the answer may be out of date.
}

}  // namespace

int main() {
  std::thread alice(book);
  std::thread bob(book);
  alice.join();
  bob.join();
  assert(free_seats == 0);
}
