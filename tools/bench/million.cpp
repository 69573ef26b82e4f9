// A million accesses to memory that was not touched before.
#include <benchmark/benchmark.h>
#include <time.h>

#include <memory>

#include "tools/bench/loop.hpp"

namespace lab::bench {
namespace {

// Of this thread's time, as in_run.cpp measures it: a busy machine's other work is left out.
double seconds_computed() {
  timespec now;
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

void million(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    const std::unique_ptr<std::uint64_t[]> words(new std::uint64_t[count]);
    const double start = seconds_computed();
    benchmark::DoNotOptimize(touch(words.get(), count, a_million));
    state.SetIterationTime(seconds_computed() - start);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(a_million));
}
BENCHMARK(million)->Arg(1'000)->Arg(100'000)->UseManualTime();

}  // namespace
}  // namespace lab::bench
