// What the machine takes for what the explorer replaces: processes and threads.
#include <benchmark/benchmark.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <semaphore>
#include <thread>

namespace lab::bench {
namespace {

void fork_and_wait(benchmark::State& state) {
  for (auto _ : state) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    if (child < 0 || ::waitpid(child, nullptr, 0) != child) {
      state.SkipWithError("fork or waitpid is refused");
      return;
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(fork_and_wait)->UseRealTime();

// On one core: between two, it would be the time that a message takes.
void stay_on_this_core() {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(::sched_getcpu(), &one);
  ::sched_setaffinity(0, sizeof one, &one);
}

// Two threads in turn, as the explorer has them: one goes on when the other lets it.
void thread_switch(benchmark::State& state) {
  constexpr int turns = 1'000;
  cpu_set_t before;
  ::sched_getaffinity(0, sizeof before, &before);
  stay_on_this_core();  // the thread made below too: it inherits
  for (auto _ : state) {
    std::binary_semaphore ours{0}, theirs{0};
    std::thread other([&] {
      for (int i = 0; i < turns; ++i) {
        theirs.acquire();
        ours.release();
      }
    });
    for (int i = 0; i < turns; ++i) {
      theirs.release();
      ours.acquire();
    }
    other.join();
  }
  ::sched_setaffinity(0, sizeof before, &before);
  state.SetItemsProcessed(state.iterations() * 2 * turns);
}
// Both threads' time, without what others take of a busy machine.
BENCHMARK(thread_switch)->MeasureProcessCPUTime();

}  // namespace
}  // namespace lab::bench
