// Barrier: a thread with fewer rounds goes home without leaving the barrier, and the other waits for it for ever.
// expected: deadlock
// deviations: 0

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
  // The barrier goes on counting on this player in every later round.
}

}  // namespace

int main() {
  std::thread keen(play, 2);
  std::thread tired(play, 1);
  keen.join();
  tired.join();
  assert(rounds_played.load() == 3);
}
