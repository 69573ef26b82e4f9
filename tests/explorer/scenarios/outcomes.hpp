// What scenarios of these tests came to. A scenario runs in a child process, and its memory is put back after each run,
// so that what it came to is written to memory that the processes share, by code that the explorer does not see.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "tools/explorer/explorer.hpp"

namespace lab::explorer::scenarios {

// A set of numbers that scenarios add to. An outcome of several values is written as decimal digits: 12 is 1 and 2.
class OutcomeSet {
public:
  OutcomeSet();
  ~OutcomeSet();
  OutcomeSet(const OutcomeSet&) = delete;
  OutcomeSet& operator=(const OutcomeSet&) = delete;

  void add(std::uint64_t outcome);
  void clear();
  std::set<std::uint64_t> values() const;
  std::uint64_t count() const;  // how often add() was called

private:
  struct Shared;
  Shared* const shared_;
};

// The one that the scenarios of a test add to.
OutcomeSet& outcomes();

// Adds to it, digit by digit: came_to(1, 2) adds 12.
template <typename... Digits>
void came_to(Digits... digits) {
  std::uint64_t outcome = 0;
  ((outcome = outcome * 10 + static_cast<std::uint64_t>(digits)), ...);
  outcomes().add(outcome);
}

struct Explored {
  Findings findings;
  std::set<std::uint64_t> outcomes;
};
Explored explored(const std::function<void()>& scenario, const Options& options);

// Everything there is, by systematic search alone: no bound, no sampling, and a budget that is not reached.
Options exhaustively(bool reduce, Method method = Method::deviations, unsigned bound = no_bound);

std::string text(const std::set<std::uint64_t>& outcomes);

// The environment asks for more repetitions than a test has time for.
bool thorough();

}  // namespace lab::explorer::scenarios
