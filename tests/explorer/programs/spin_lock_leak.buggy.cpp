// Spin lock: an early return leaves the lock taken, and the next thread spins for ever.
// expected: livelock
// deviations: 1

#include <atomic>
#include <cassert>
#include <thread>

namespace {

std::atomic_flag busy;
int balance = 50;  // Guarded by busy.

void lock() {
  while (busy.test_and_set()) std::this_thread::yield();
}

void unlock() { busy.clear(); }

void deposit(int amount) {
  lock();
  balance += amount;
  unlock();
}

void withdraw(int amount) {
  lock();
  if (balance < amount) return;  // The lock goes with us.
  balance -= amount;
  unlock();
}

}  // namespace

int main() {
  std::thread employer(deposit, 50);
  std::thread landlord(withdraw, 80);
  employer.join();
  landlord.join();
  assert(balance >= 20);
}
