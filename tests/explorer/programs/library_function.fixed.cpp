// Function objects: threads call one constant std::function, copy it, and pass jobs on through a guarded list.
// expected: passed

#include <array>
#include <atomic>
#include <cassert>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace {

std::atomic<int> sum{0};
std::mutex mutex;
std::vector<std::function<void()>> jobs;  // Guarded by mutex.

void post(const std::function<void(int)>& add, int amount) {
  auto job = std::bind(add, amount);  // Copies `add` and all that it has captured.
  const std::lock_guard lock(mutex);
  jobs.emplace_back(std::move(job));
}

}  // namespace

int main() {
  // Too large for the small buffer of a std::function: each copy allocates.
  const std::array<int, 16> factors{2};
  const std::function<void(int)> add = [factors](int amount) { sum += factors[0] * amount; };

  std::thread first(post, std::cref(add), 3);
  std::thread second(post, std::cref(add), 4);
  first.join();
  second.join();

  std::thread runner([] {
    for (const auto& job : jobs) job();
  });
  runner.join();
  assert(sum == 14);
}
