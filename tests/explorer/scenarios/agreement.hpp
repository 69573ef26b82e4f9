// Whether searches of one scenario agree: with and without the reduction, and with a point at every access.
#pragma once

#include <string>
#include <vector>

#include "tests/explorer/scenarios/searches.hpp"

namespace lab::explorer::scenarios {

// Plain and reduced in turn, for both kinds of cost, with these bounds; then everything by plain enumeration, and with
// a point at every access. No search makes more than `runs` runs.
std::vector<Options> searches_to_compare(const std::vector<unsigned>& bounds, std::uint64_t runs);

// Each disagreement among the results of those; empty if there is none.
std::string disagreements(const std::vector<Options>& searches, const std::vector<Searched>& results);

}  // namespace lab::explorer::scenarios
