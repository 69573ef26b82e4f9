// Iterator invalidation: a push_back moves the vector's elements while another thread walks over the old ones.
// expected: use_after_free
// deviations: 1

#include <cassert>
#include <thread>
#include <vector>

namespace {

std::vector<int> prices{10, 20, 30};  // Full: the next push_back allocates anew and frees the old elements.
int total = 0;                        // Written by one thread, read after its end.

void sum_up() {
  for (const int price : prices) total += price;
}

void append() { prices.push_back(40); }

}  // namespace

int main() {
  std::thread till(sum_up);
  std::thread clerk(append);
  till.join();
  clerk.join();
  assert(total >= 60);
}
