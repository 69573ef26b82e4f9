// Broken promise: a cancelled kitchen drops its promise without a value, and the waiting guest gets an exception.
// expected: exception
// deviations: 1

#include <atomic>
#include <cassert>
#include <future>
#include <thread>
#include <utility>

namespace {

constexpr int dish = 42;

std::atomic<bool> cancelled{false};

void cook(std::promise<int> order) {
  if (!cancelled.load()) order.set_value(dish);
  // Otherwise the promise dies here without a value, and get() throws std::future_error.
}

}  // namespace

int main() {
  std::promise<int> order;
  std::future<int> meal = order.get_future();
  std::thread kitchen(cook, std::move(order));
  std::thread manager([] { cancelled.store(true); });
  const int served = meal.get();
  assert(served == dish);
  kitchen.join();
  manager.join();
}
