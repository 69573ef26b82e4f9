// Lock upgrade: what was seen under the shared lock is checked again under the exclusive one.
// expected: passed

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
  if (free_seats > 0) --free_seats;
}

}  // namespace

int main() {
  std::thread alice(book);
  std::thread bob(book);
  alice.join();
  bob.join();
  assert(free_seats == 0);
}
