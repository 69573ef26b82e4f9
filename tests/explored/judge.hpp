// The judge of claims by the explorer's schedules. A claim is searched up to a bound of deviations, then, if it has two
// threads, up to a bound of preemptions, then sampled; the first failure ends it. What was found is printed, and
// written as evidence, as explored_options() says.
#pragma once

#include "tests/support/claim.hpp"
#include "tools/exercises/evidence.hpp"

namespace lab::test {

void explore_claim(const Claim& claim);

// Adds to what this process has found, and writes all of it where explored_options() says. For a claim that asks the
// explorer itself; explore_claim() does so.
void collect(const exercises::Evidence& evidence);

}  // namespace lab::test
