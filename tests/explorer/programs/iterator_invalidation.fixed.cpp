// Iterator invalidation avoided: the walk and the push_back exclude each other by a mutex.
// expected: passed

#include <cassert>
#include <mutex>
#include <thread>
#include <vector>

namespace {

std::mutex mutex;
std::vector<int> prices{10, 20, 30};  // Guarded by mutex. Full: the next push_back allocates anew.
int total = 0;                        // Written by one thread, read after its end.

void sum_up() {
  const std::lock_guard lock(mutex);  // Held for the whole walk, not for each element.
  for (const int price : prices) total += price;
}

void append() {
  const std::lock_guard lock(mutex);
  prices.push_back(40);
}

}  // namespace

int main() {
  std::thread till(sum_up);
  std::thread clerk(append);
  till.join();
  clerk.join();
  assert(total == 60 || total == 100);
}
