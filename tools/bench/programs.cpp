// A search of a whole program.
#include <benchmark/benchmark.h>

#include "tools/explorer/findings.hpp"
#include "tools/explorer/search.hpp"

namespace lab::bench {
namespace {

constexpr std::uint64_t runs = 5'000;
constexpr int fresh_runs = 50;

const explorer::Program& program() {
  static const explorer::Program program{LAB_BENCH_PROGRAM, {}, {}};
  return program;
}

explorer::Options options() {
  explorer::Options options;
  options.method = explorer::Method::pos;
  options.runs = runs;
  return options;
}

// As ./lab explore makes it.
void program_search(benchmark::State& state) {
  std::int64_t made = 0;
  for (auto _ : state) {
    const explorer::Findings findings = explorer::explore(program(), options());
    if (findings.verdict != explorer::Verdict::passed) {
      state.SkipWithError(findings.message.c_str());
      return;
    }
    made += static_cast<std::int64_t>(findings.runs);
  }
  state.SetItemsProcessed(made);
}
BENCHMARK(program_search)->UseRealTime()->Unit(benchmark::kMillisecond);

// The same without the start: the program waits for its first order.
void program_search_when_started(benchmark::State& state) {
  const auto result = explorer::make_result();
  std::int64_t made = 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto target = explorer::whole(program());
    target->run();
    state.ResumeTiming();
    explorer::search(*target, options(), *result);
    state.PauseTiming();
    target.reset();
    state.ResumeTiming();
    if (result->found || result->unjudged > 0) {
      state.SkipWithError("the program fails, or cannot be judged");
      return;
    }
    made += static_cast<std::int64_t>(result->runs);
  }
  state.SetItemsProcessed(made);
}
BENCHMARK(program_search_when_started)->UseRealTime()->Unit(benchmark::kMillisecond);

// Each run in a process of its own.
void program_fresh(benchmark::State& state) {
  const auto target = explorer::whole(program());
  for (auto _ : state)
    for (int i = 0; i < fresh_runs; ++i) target->run_fresh();
  state.SetItemsProcessed(state.iterations() * fresh_runs);
}
BENCHMARK(program_fresh)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lab::bench
