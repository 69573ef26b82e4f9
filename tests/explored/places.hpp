// Where in the implementation a failing schedule goes wrong.
#pragma once

#include <vector>

#include "tools/explorer/account/symbols.hpp"
#include "tools/explorer/explorer.hpp"

namespace lab::test {

struct InterruptedAt {
  explorer::Place place;  // in session_manager.cpp
  std::uint16_t thread = 0;
};

// For each departure of the recorded run from "the running thread goes on": where the thread that was interrupted
// stood, about to go on, and after that its callers; where it was blocked, for a deadlock; both accesses, for a data
// race. Only places in a file named session_manager.cpp count; there may be none, where the claim fails under every
// schedule.
std::vector<InterruptedAt> places_of(const explorer::Exchange& recorded, explorer::Verdict verdict,
                                     explorer::Names& names);

// The places of a stack of return addresses that are in the implementation, the innermost first.
std::vector<explorer::Place> stack_in_implementation(const std::uint64_t* frames, std::uint32_t count,
                                                     explorer::Names& names);

// The first of these; no file if there is none.
explorer::Place place_in_implementation(const std::uint64_t* frames, std::uint32_t count, explorer::Names& names);

}  // namespace lab::test
