#include <fmt/format.h>

#include "tools/lab/bench.hpp"
#include "tools/lab/bench_loop.hpp"
#include "tools/lab/files.hpp"

namespace lab::cli {

Status bench(const Context& context, const BenchOptions& options) {
  if (!build_bench(context)) return could_not_judge;
  nlohmann::json report;
  if (const Status status = bench_in(context.root / "build/release/tools/bench", options, &report); status != passed)
    return status;
  const auto loop = bench_loop(context, options.repetitions);
  if (!loop) return could_not_judge;
  report["loop"] = *loop;
  if (options.json.empty()) return passed;
  if (const auto written = write_json(options.json, report); !written) {
    fmt::print(stderr, "lab: {}\n", written.error());
    return could_not_judge;
  }
  return passed;
}

}  // namespace lab::cli
