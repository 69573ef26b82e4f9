// Threads of the program: how they begin and end.
#pragma once

#include "tools/explorer/runtime/state.hpp"

namespace lab::explorer::runtime {

// The running thread is done: its thread-locals and keys are destroyed, and the next thread runs.
[[noreturn]] void end_thread(Thread& me, void* result);

// The first thread of a run waits until all others have ended.
void wait_for_all(Thread& me);

}  // namespace lab::explorer::runtime
