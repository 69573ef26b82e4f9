#include "tools/bench/in_run.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

#include <memory>
#include <new>
#include <thread>

#include "tools/bench/loop.hpp"
#include "tools/explorer/target.hpp"

namespace lab::bench {
namespace {

using explorer::Target;

// Passes between this process and the one that makes the runs.
struct Shared {
  std::size_t words = 0;
  bool touched_before = false;  // all words, so that no first touch is measured
  bool switches = false;        // measure these instead
  std::uint64_t items = 0;
  std::uint64_t nanoseconds = 0;
};
Shared* shared;

// The time that this thread has computed, as the kernel has it: inside a run, clock_gettime shows virtual time, in
// which computing takes none, and syscall() is the explorer's as well. All threads of a run are this one to the kernel.
// A call takes less than a microsecond; what is measured takes a hundred and more.
std::uint64_t time_computed() {
  timespec now;
  long result;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(SYS_clock_gettime), "D"(CLOCK_THREAD_CPUTIME_ID), "S"(&now)
               : "rcx", "r11", "memory");
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

void touch_words() {
  const std::size_t count = shared->words;
  const std::unique_ptr<std::uint64_t[]> words(new std::uint64_t[count]);
  if (shared->touched_before) benchmark::DoNotOptimize(touch(words.get(), count, 2 * count));
  const std::uint64_t start = time_computed();
  benchmark::DoNotOptimize(touch(words.get(), count, a_million));
  shared->nanoseconds = time_computed() - start;
  shared->items = a_million;
}

// Two threads that yield to each other. No more often than this: it would be a livelock.
void switch_threads() {
  constexpr int turns = 900;
  const auto yield = [] {
    for (int i = 0; i < turns; ++i) std::this_thread::yield();
  };
  std::thread one([&] {
    std::this_thread::yield();  // the other begins
    const std::uint64_t start = time_computed();
    yield();
    shared->nanoseconds = time_computed() - start;
  });
  std::thread other(yield);
  one.join();
  other.join();
  shared->items = 2 * turns;
}

const std::function<void()> scenario = [] { shared->switches ? switch_threads() : touch_words(); };
std::unique_ptr<Target> target;

void measure(benchmark::State& state, const Shared& what) {
  std::int64_t items = 0;
  for (auto _ : state) {
    *shared = what;
    target->run();
    if (target->exchange().log.verdict != explorer::Verdict::passed) {
      state.SkipWithError(target->exchange().log.message);
      return;
    }
    state.SetIterationTime(static_cast<double>(shared->nanoseconds) * 1e-9);
    items += static_cast<std::int64_t>(shared->items);
  }
  state.SetItemsProcessed(items);
}

void access_in_run(benchmark::State& state) { measure(state, {.words = few_words, .touched_before = true}); }
BENCHMARK(access_in_run)->UseManualTime();

void million_in_run(benchmark::State& state) { measure(state, {.words = static_cast<std::size_t>(state.range(0))}); }
BENCHMARK(million_in_run)->Arg(1'000)->Arg(100'000)->UseManualTime();

void switch_in_run(benchmark::State& state) { measure(state, {.switches = true}); }
BENCHMARK(switch_in_run)->UseManualTime();

}  // namespace

void prepare_in_run() {
  void* const memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) explorer::refuse("mmap");
  shared = new (memory) Shared;
  target = explorer::isolated(scenario);
}

void release_in_run() { target.reset(); }

}  // namespace lab::bench
