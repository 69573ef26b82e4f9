// Many searches of one scenario in one child process: explore() makes processes of its own for each, which is too slow
// for hundreds of small ones.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "tools/explorer/explorer.hpp"

namespace lab::explorer::scenarios {

struct Searched {
  Verdict verdict = Verdict::passed;
  bool found = false;
  bool complete = false;
  bool stopped_at_budget = false;
  int completed = -1;
  Minimal minimal = Minimal::none;
  std::uint64_t runs = 0;
  std::uint32_t deviations = 0;
  std::uint32_t preemptions = 0;
  std::uint64_t state = 0;          // at the end of the failing run
  std::vector<Departure> schedule;  // the failing one
  std::string message;
  std::set<std::uint64_t> outcomes;  // of came_to(), over all runs
};

// Throws std::runtime_error if the child ends early. With `first_must_end`, nothing is searched any more, and nothing
// returned, where the first of them stops at its budget.
std::vector<Searched> searched(const std::function<void()>& scenario, const std::vector<Options>& searches,
                               bool first_must_end = false);

}  // namespace lab::explorer::scenarios
