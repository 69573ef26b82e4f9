// What is left to luck is tried in many rounds.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace lab::test {

// Plays rounds until one breaks the claim; returns what it says, with the round's number, or "" if none does.
// A round returns what went wrong, or nothing.
std::string first_broken_round(int rounds, const std::function<std::optional<std::string>(int)>& play);

// Wastes up to `spins_max` rounds of a loop, drawn anew from `seed` at each call, so that rounds differ in where
// threads meet. It makes a meeting likelier and orders nothing.
void jitter(unsigned& seed, unsigned spins_max);

}  // namespace lab::test
