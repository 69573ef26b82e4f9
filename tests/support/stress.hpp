// The judge of claims with real threads: many rounds, since they meet by luck.
#pragma once

#include "tests/support/claim.hpp"

namespace lab::test {

void stress(const Claim& claim);

}  // namespace lab::test
