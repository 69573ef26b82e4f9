#include "tests/support/rounds.hpp"

#include <fmt/format.h>

namespace lab::test {

std::string first_broken_round(int rounds, const std::function<std::optional<std::string>(int)>& play) {
  for (int round = 1; round <= rounds; ++round) {
    if (const auto broken = play(round)) return fmt::format("{} (round {} of {})", *broken, round, rounds);
  }
  return "";
}

void jitter(unsigned& seed, unsigned spins_max) {
  seed = seed * 1664525u + 1013904223u;  // the generator of Numerical Recipes, section 7.1; quality is no matter here
  volatile unsigned spin = (seed >> 8) % (spins_max + 1);
  while (spin > 0) {
    const unsigned left = spin;
    spin = left - 1;
  }
}

}  // namespace lab::test
