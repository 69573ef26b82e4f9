// An access, where no run of the explorer's is made.
#include <benchmark/benchmark.h>

#include "tools/bench/loop.hpp"

namespace lab::bench {
namespace {

constexpr std::size_t accesses = 100'000;

void access(benchmark::State& state) {
  std::uint64_t words[few_words] = {};
  for (auto _ : state) benchmark::DoNotOptimize(touch(words, few_words, accesses));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(accesses));
}
BENCHMARK(access);

}  // namespace
}  // namespace lab::bench
