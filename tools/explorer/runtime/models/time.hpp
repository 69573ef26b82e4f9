// Virtual time, for the other models.
#pragma once

#include "tools/explorer/runtime/state.hpp"

namespace lab::explorer::runtime {

// What the clock shows to the program, in nanoseconds since the epoch.
std::uint64_t read_clock(Thread& me, Address pc);

// Until the deadline; where that is past, lets others go first.
void sleep_until(Thread& me, std::uint64_t deadline, Address pc);

void give_way(Thread& me, Address pc);

}  // namespace lab::explorer::runtime
