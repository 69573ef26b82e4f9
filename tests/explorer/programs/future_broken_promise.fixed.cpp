// Kept promise: a cancelled kitchen says so by a value of its own, so the waiting guest gets an answer in any case.
// expected: passed

#include <atomic>
#include <cassert>
#include <future>
#include <thread>
#include <utility>

namespace {

constexpr int dish = 42;
constexpr int nothing = 0;

std::atomic<bool> cancelled{false};

// Every path sets the value.
void cook(std::promise<int> order) { order.set_value(cancelled.load() ? nothing : dish); }

}  // namespace

int main() {
  std::promise<int> order;
  std::future<int> meal = order.get_future();
  std::thread kitchen(cook, std::move(order));
  std::thread manager([] { cancelled.store(true); });
  const int served = meal.get();
  assert(served == dish || served == nothing);
  kitchen.join();
  manager.join();
}
