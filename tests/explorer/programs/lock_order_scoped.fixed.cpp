// Lock order: one scoped_lock takes both accounts and never holds one while it waits for the other.
// expected: passed

#include <cassert>
#include <mutex>
#include <thread>

namespace {

struct Account {
  std::mutex mutex;
  int balance = 100;  // Guarded by mutex.
};

void transfer(Account& from, Account& to, int amount) {
  const std::scoped_lock both(from.mutex, to.mutex);
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
