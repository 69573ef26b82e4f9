// One run of a function under a plan.
#pragma once

#include "tools/explorer/runtime/state.hpp"

namespace lab::explorer::runtime {

using Body = void (*)(void* argument);

// Makes this process fit for runs. Ends it if it cannot be.
void prepare();

// Runs `body` as the first thread of a run that obeys exchange.plan, and writes exchange.log. Returns when the run is
// over: when the body has returned and all threads have ended, or when it has failed. What the program has allocated
// in it is gone then. With `in_process`, the end of the last thread is not the end of the process.
void run(Exchange& exchange, Body body, void* argument, bool in_process);

}  // namespace lab::explorer::runtime
