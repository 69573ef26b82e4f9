// How long a student waits: part of ./lab bench.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "tools/lab/commands.hpp"

namespace lab::cli {

// Measures check and watch on copies in a folder of its own, prints a table, and returns it:
//   [ { "name": "check_01", "title", "unit": "seconds", "median", "promise": { "limit", "met" } }, ... ]
// Nothing if it could not be measured; why is said on stderr.
std::optional<nlohmann::json> bench_loop(const Context& context, int repetitions);

}  // namespace lab::cli
