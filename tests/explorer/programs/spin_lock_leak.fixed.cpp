// Spin lock: a guard gives the lock back on every way out of the function.
// expected: passed

#include <atomic>
#include <cassert>
#include <mutex>
#include <thread>

namespace {

class SpinLock {
public:
  void lock() {
    while (busy_.test_and_set()) std::this_thread::yield();
  }

  void unlock() { busy_.clear(); }

private:
  std::atomic_flag busy_;
};

SpinLock spin_lock;
int balance = 50;  // Guarded by spin_lock.

void deposit(int amount) {
  const std::lock_guard guard(spin_lock);
  balance += amount;
}

void withdraw(int amount) {
  const std::lock_guard guard(spin_lock);
  if (balance < amount) return;
  balance -= amount;
}

}  // namespace

int main() {
  std::thread employer(deposit, 50);
  std::thread landlord(withdraw, 80);
  employer.join();
  landlord.join();
  assert(balance >= 20);
}
