// ./lab bench: how fast the explorer is, beside what there is to compare it with (docs/reference/benchmarks.md).
#pragma once

#include <filesystem>

#include "tools/lab/commands.hpp"

namespace lab::cli {

struct BenchOptions {
  std::filesystem::path json;  // where to write the figures; empty: nowhere
  double seconds = 0.5;        // that each repetition of each figure is measured for, at least
  int repetitions = 5;
};

// Builds the benchmark programs of the release preset, runs them and prints the table. A promise that is not kept is
// no failure: it may be the machine's.
Status bench(const Context& context, const BenchOptions& options);

// The same with the programs that are in this folder.
Status bench_in(const std::filesystem::path& programs, const BenchOptions& options);

}  // namespace lab::cli
