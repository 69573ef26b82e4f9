// Searches of a scenario.
#include <benchmark/benchmark.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "tools/bench/in_run.hpp"
#include "tools/explorer/findings.hpp"
#include "tools/explorer/search.hpp"

namespace lab::bench {
namespace {

using explorer::Method;
using explorer::Target;

constexpr std::uint64_t runs = 10'000;
constexpr int fresh_runs = 50;

// About 20 points: two threads that three times each add to an atomic and to what a mutex guards.
const std::function<void()> scenario = [] {
  std::atomic<int> added{0};
  std::mutex mutex;
  int guarded = 0;
  const auto add = [&] {
    for (int i = 0; i < 3; ++i) {
      ++added;
      const std::lock_guard lock(mutex);
      ++guarded;
    }
  };
  std::thread one(add), other(add);
  one.join();
  other.join();
  explorer::expect(added == 6 && guarded == 6, "six additions each");
};

std::unique_ptr<Target> apart;  // in a process of its own, its memory rewound before each run
std::unique_ptr<Target> here;   // in this process

void search(benchmark::State& state, Target& target, Method method) {
  explorer::Options options;
  options.method = method;
  options.bound = explorer::no_bound;
  options.runs = runs;
  options.time = std::chrono::minutes(10);
  const auto result = explorer::make_result();
  std::int64_t made = 0;
  for (auto _ : state) {
    explorer::search(target, options, *result);
    if (result->found || result->unjudged > 0) {
      state.SkipWithError("the scenario fails, or cannot be judged");
      return;
    }
    made += static_cast<std::int64_t>(result->runs);
  }
  state.SetItemsProcessed(made);
  state.counters["points"] = target.exchange().log.point_count;
  state.counters["runs"] = static_cast<double>(result->runs);
}

void runs_sampled(benchmark::State& state) { search(state, *here, Method::pos); }
BENCHMARK(runs_sampled)->Unit(benchmark::kMillisecond);

void runs_by_deviations(benchmark::State& state) { search(state, *here, Method::deviations); }
BENCHMARK(runs_by_deviations)->Unit(benchmark::kMillisecond);

void runs_isolated(benchmark::State& state) { search(state, *apart, Method::pos); }
BENCHMARK(runs_isolated)->UseRealTime()->Unit(benchmark::kMillisecond);

void runs_fresh(benchmark::State& state) {
  for (auto _ : state)
    for (int i = 0; i < fresh_runs; ++i) apart->run_fresh();
  state.SetItemsProcessed(state.iterations() * fresh_runs);
}
BENCHMARK(runs_fresh)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lab::bench

int main(int argc, char** argv) {
  using namespace lab::bench;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  // First the processes that are forked off: a process that is ready for runs cannot be made ready again.
  apart = lab::explorer::isolated(scenario);
  prepare_in_run();
  here = lab::explorer::in_process(scenario);
  benchmark::RunSpecifiedBenchmarks();
  release_in_run();
  apart.reset();
  benchmark::Shutdown();
}
