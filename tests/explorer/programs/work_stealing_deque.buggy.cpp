// Work stealing: the owner takes the last task without a compare-exchange, while a thief takes the same one.
// expected: assertion
// deviations: 2

#include <array>
#include <atomic>
#include <cassert>
#include <thread>

namespace {

constexpr int none = -1;

// The tasks between top and bottom are waiting. The owner takes at the bottom, thieves take at the top.
constexpr std::array<int, 2> tasks{0, 1};
std::atomic<int> top{0};
std::atomic<int> bottom{2};

// Called by the owner only.
int take() {
  const int last = bottom.load() - 1;
  bottom.store(last);  // Reserves the task, except against a thief who has already looked at bottom.
  const int oldest = top.load();
  if (oldest > last) {  // Nothing left: undo the reservation.
    bottom.store(last + 1);
    return none;
  }
  return tasks[last];
}

// Called by any thread.
int steal() {
  int oldest = top.load();
  if (oldest >= bottom.load()) return none;
  const int task = tasks[oldest];
  return top.compare_exchange_strong(oldest, oldest + 1) ? task : none;
}

std::array<std::atomic<int>, 2> runs{};

void run(int task) {
  if (task != none) ++runs[task];
}

}  // namespace

int main() {
  std::thread thief([] { run(steal()); });
  run(take());
  run(take());
  thief.join();
  for (const auto& times : runs) assert(times == 1);
}
