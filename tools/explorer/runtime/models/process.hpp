// The end of the process.
#pragma once

#include "tools/explorer/runtime/state.hpp"

namespace lab::explorer::runtime {

// All other threads have ended and `me` is about to: a program whose main left by pthread_exit ends with its last
// thread.
void end_of_last_thread(Thread& me);

// Main has returned: what still runs may go on first, or be cut off.
void main_returned(Thread& me, int status);

// With what status the run ends its process.
extern int exit_status;

}  // namespace lab::explorer::runtime
