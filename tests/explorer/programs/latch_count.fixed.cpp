// Latch: every path through the search counts down once, so the latch always opens.
// expected: passed

#include <atomic>
#include <cassert>
#include <latch>
#include <thread>

namespace {

std::latch finished{2};  // One arrival for each searcher.
std::atomic<bool> found{false};

void search(bool treasure_here) {
  if (!found.load()) {
    if (treasure_here) found.store(true);
  }
  finished.count_down();  // Also when somebody else has it and there was no need to dig.
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
