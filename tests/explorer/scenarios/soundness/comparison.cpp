#include "tests/explorer/scenarios/soundness/comparison.hpp"

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "tests/explorer/scenarios/agreement.hpp"
#include "tests/explorer/scenarios/outcomes.hpp"

namespace lab::explorer::scenarios {
namespace {

// Where nothing spins every search ends by itself within the first number of runs. Where something does, there is no
// end without a bound, and of the others all but a few end within the second.
constexpr std::uint64_t most_runs = 30'000, most_runs_of_spinning = 3000;

}  // namespace

void check(const Scenario& scenario) {
  DYNAMIC_SECTION(scenario.name) {
    std::vector<unsigned> bounds{0, 1, 2, 3};
    if (scenario.finite) bounds.push_back(no_bound);
    const std::vector<Options> searches =
        searches_to_compare(bounds, scenario.finite ? most_runs : most_runs_of_spinning);
    const std::vector<Searched> results = searched(scenario.run, searches);
    CHECK(disagreements(searches, results) == "");
    for (std::size_t i = 0; i + 2 < results.size(); ++i) {
      INFO("search " << i);
      if (scenario.finite || (searches[i].bound <= 1 && searches[i].method == Method::deviations))
        CHECK_FALSE(results[i].stopped_at_budget);
    }
  }
}

}  // namespace lab::explorer::scenarios
