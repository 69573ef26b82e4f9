// Lock order: two transfers in opposite directions lock the same two accounts in opposite order.
// expected: deadlock
// deviations: 1

#include <cassert>
#include <mutex>
#include <thread>

namespace {

struct Account {
  std::mutex mutex;
  int balance = 100;  // Guarded by mutex.
};

void transfer(Account& from, Account& to, int amount) {
  const std::lock_guard giver(from.mutex);
  const std::lock_guard taker(to.mutex);  // May be held by a transfer the other way, which waits for the first one.
  from.balance -= amount;
  to.balance += amount;
}

}  // namespace

int main() {
  Account alice;
  Account bob;
  std::thread there([&] { transfer(alice, bob, 10); });
  std::thread back([&] { transfer(bob, alice, 30); });
  there.join();
  back.join();
  assert(alice.balance == 120);
  assert(bob.balance == 80);
}
