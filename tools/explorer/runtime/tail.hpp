// What happens at the choices for which the plan names no departure.
#pragma once

#include "tools/explorer/runtime/state.hpp"

namespace lab::explorer::runtime {

std::uint64_t next_random();

// For a new run, and for a new thread in it.
void begin_tail();
void begin_tail(Thread& thread);

// Which of the alternatives; `choice` is its number in the run.
std::size_t take_by_tail(const Alternative* alternatives, std::size_t count, std::uint32_t choice, const Thread& me,
                         bool yields);

// The thread is about to do `thread.next`: those whose next step conflicts with it draw anew.
void tail_step(Thread& thread);

}  // namespace lab::explorer::runtime
