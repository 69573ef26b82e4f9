// How the tests of models search: what a scenario comes to, in few runs.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <functional>

#include "tests/explorer/scenarios/outcomes.hpp"

namespace lab::explorer::scenarios {

// As a caller has it, but for a budget that ends a test that would go on.
inline Options usual(unsigned bound = 2) {
  Options options;
  options.bound = bound;
  options.runs = 5000;
  options.samples = 50;
  options.time = std::chrono::seconds(20);
  return options;
}

inline Findings found(const std::function<void()>& scenario, const Options& options = usual()) {
  return explored(scenario, options).findings;
}

inline Verdict verdict(const std::function<void()>& scenario, const Options& options = usual()) {
  const Findings findings = found(scenario, options);
  UNSCOPED_INFO(findings.message);
  return findings.verdict;
}

inline Options systematic(unsigned bound = 2) {
  Options options = exhaustively(true, Method::deviations, bound);
  options.runs = 20'000;
  return options;
}

}  // namespace lab::explorer::scenarios
