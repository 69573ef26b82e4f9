// Recursive mutex: a function that holds the lock calls another one that takes it again.
// expected: passed

#include <cassert>
#include <mutex>
#include <thread>

namespace {

std::recursive_mutex mutex;
int debit = 0;   // Guarded by mutex.
int credit = 0;  // Guarded by mutex. Equal to debit whenever the mutex is free.

void post_credit(int amount) {
  const std::lock_guard lock(mutex);
  credit += amount;
}

void post(int amount) {
  const std::lock_guard lock(mutex);
  debit += amount;
  post_credit(amount);  // Must not open the lock on its return: only the last unlock does.
  assert(debit == credit);
}

}  // namespace

int main() {
  std::thread first(post, 1);
  std::thread second(post, 2);
  first.join();
  second.join();
  assert(debit == 3 && credit == 3);
}
