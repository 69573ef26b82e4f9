// ThreadSanitizer's reports of this process. In a build without it there are none.
#pragma once

#include <string>
#include <vector>

#include "tests/support/symbolized.hpp"

namespace lab::test {

struct RaceReport {
  std::string description;              // ThreadSanitizer's: "data-race"
  std::vector<SymbolizedPlace> places;  // a race has two, a lock cycle of two mutexes four
  bool has_accesses = false;
  std::vector<bool> writes;  // for each place, where there are accesses

  bool is_race() const;
  std::string sentence() const;  // it names the places
};

// Thread safe. In the order of their appearance.
std::vector<RaceReport> race_reports();

}  // namespace lab::test
