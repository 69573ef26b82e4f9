// Memory accesses of the program: races (races.cpp), the heap (heap.cpp), hot places (accesses.cpp).
#pragma once

#include "tools/explorer/runtime/state.hpp"

namespace lab::explorer::runtime {

// A plain access: a point if its place is hot, then checked for races and against the heap.
void access(Thread& me, Address address, std::size_t size, bool write, Address pc);

// An atomic access takes part in races with plain ones. Not a point.
void atomic_access(Thread& me, Address address, std::size_t size, bool write, Address pc);

// Every instrumented access begins with this: it counts, and the thread may have been asked to stop at it (holds.cpp).
void stop_here(Thread& me, Address pc);
inline void count_access(Thread& me, Address pc) {
  if (++state.log->accesses == state.stop_at) [[unlikely]]
    stop_here(me, pc);
}

bool is_hot(Address pc);

// Races of this access with earlier ones; `size` up to any length.
void check_races(Thread& me, Address address, std::size_t size, bool write, bool atomic, Address pc);
void forget_races();  // for a new run

// Fails the run if this touches freed or foreign heap.
void check_heap(Thread& me, Address address, std::size_t size, bool write, Address pc);
void reset_heap();

}  // namespace lab::explorer::runtime
