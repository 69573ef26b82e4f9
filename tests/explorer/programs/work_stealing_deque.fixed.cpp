// Work stealing: the owner and a thief settle by a compare-exchange who gets the last task.
// expected: passed

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
  int oldest = top.load();
  if (oldest > last) {  // Nothing left: undo the reservation.
    bottom.store(last + 1);
    return none;
  }
  if (oldest < last) return tasks[last];
  // The last task: whoever moves top has it. Either way the deque is empty afterwards, top and bottom being equal.
  const bool mine = top.compare_exchange_strong(oldest, oldest + 1);
  bottom.store(last + 1);
  return mine ? tasks[last] : none;
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
