// Latch: a searcher that gives up early does not count down, so the latch waits for one arrival too many.
// expected: deadlock
// deviations: 1

#include <atomic>
#include <cassert>
#include <latch>
#include <thread>

namespace {

std::latch finished{2};  // One arrival for each searcher.
std::atomic<bool> found{false};

void search(bool treasure_here) {
  if (found.load()) return;  // Somebody else has it: no need to dig, but the latch still expects us.
  if (treasure_here) found.store(true);
  finished.count_down();
}

}  // namespace

int main() {
  std::thread beach(search, false);
  std::thread cave(search, true);
  finished.wait();
  assert(found.load());
  beach.join();
  cave.join();
}
