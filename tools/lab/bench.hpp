// ./lab bench: how fast the explorer is, beside what there is to compare it with, and how long a student waits
// (docs/reference/benchmarks.md).
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tools/lab/commands.hpp"

namespace lab::cli {

struct BenchOptions {
  std::filesystem::path json;  // where to write the figures; empty: nowhere
  double seconds = 0.5;        // that each repetition of each figure is measured for, at least
  int repetitions = 5;
};

// All of it. A promise that is not kept is no failure: it may be the machine's.
Status bench(const Context& context, const BenchOptions& options);

// The programs, built; false: they could not be.
bool build_bench(const Context& context);

// The explorer's figures, by the programs that are in this folder; with all repetitions in `report`, if it is given.
Status bench_in(const std::filesystem::path& programs, const BenchOptions& options, nlohmann::json* report = nullptr);

}  // namespace lab::cli
