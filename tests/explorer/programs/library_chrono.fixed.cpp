// Clocks and waiting: sleeps last at least as long as asked, and waits for what never comes time out.
// expected: passed

#include <cassert>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

void sleep_twice() {
  const Clock::time_point start = Clock::now();
  std::this_thread::sleep_for(milliseconds(2));
  std::this_thread::sleep_until(start + milliseconds(5));
  assert(Clock::now() - start >= milliseconds(5));
}

void wait_in_vain() {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  const Clock::time_point start = Clock::now();
  const bool happened = never.wait_for(lock, milliseconds(3), [] { return false; });
  assert(!happened);
  assert(Clock::now() - start >= milliseconds(3));
}

}  // namespace

int main() {
  std::promise<void> unkept;
  std::future<void> result = unkept.get_future();
  std::thread sleeper(sleep_twice);
  std::thread waiter(wait_in_vain);
  const std::future_status status = result.wait_for(milliseconds(1));
  assert(status == std::future_status::timeout);
  sleeper.join();
  waiter.join();
}
