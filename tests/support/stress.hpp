// The judge of claims with real threads: many rounds, since they meet by luck.
#pragma once

#include "tests/support/claim.hpp"

namespace lab::test {

void stress(const Claim& claim);

// The process's bound on the rounds of a claim; without one as it starts. To be set before the session runs.
int& rounds_max();

}  // namespace lab::test
