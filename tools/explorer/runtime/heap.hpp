// The program's heap: never given out twice in a run, so that what is freed stays recognisable; a slice for each
// thread, so that an address depends on what its thread did and not on the schedule; at a fixed place below 2 GiB, for
// programs that keep a pointer in an int.
#pragma once

#include "tools/explorer/runtime/state.hpp"

namespace lab::explorer::runtime {

bool is_heap(Address address);

// Reserves the heap's place. False if something else is there.
bool reserve_heap();

// Blocks that are allocated and not yet freed.
std::uint64_t live_heap_blocks();

// From now on what the process allocates outside of the runtime comes from this heap, also while `current` is null.
void use_heap(bool on);

}  // namespace lab::explorer::runtime
