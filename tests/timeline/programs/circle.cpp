// Two threads take two locks, each in its own order.
#include <mutex>
#include <thread>

static std::mutex left, right;

int main() {
  std::thread first([] {
    const std::lock_guard<std::mutex> one(left);
    const std::lock_guard<std::mutex> other(right);
  });
  std::thread second([] {
    const std::lock_guard<std::mutex> one(right);
    const std::lock_guard<std::mutex> other(left);
  });
  first.join();
  second.join();
}
