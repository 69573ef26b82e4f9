// Barrier: a thread that goes home drops out of the barrier, so later rounds do without it.
// expected: passed

#include <atomic>
#include <barrier>
#include <cassert>
#include <thread>

namespace {

std::barrier round_end{2};
std::atomic<int> rounds_played{0};

void play(int rounds) {
  for (int round = 0; round < rounds; ++round) {
    rounds_played.fetch_add(1);
    round_end.arrive_and_wait();
  }
  round_end.arrive_and_drop();  // Counts for the current round, and for no later one.
}

}  // namespace

int main() {
  std::thread keen(play, 2);
  std::thread tired(play, 1);
  keen.join();
  tired.join();
  assert(rounds_played.load() == 3);
}
