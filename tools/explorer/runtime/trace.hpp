// Recording steps for the account; nothing is recorded unless the plan says so.
#pragma once

#include "tools/explorer/runtime/state.hpp"

namespace lab::explorer::runtime {

// Appends a step with the thread's call stack; null if the plan does not trace, or the log is full. To be filled in by
// the caller until the next call.
Step* record(Thread& me, Operation operation, Address object, Address pc);

// Copies the call stack, the step's own place first; the number of frames.
std::uint32_t copy_frames(const Thread& me, Address pc, std::uint64_t (&frames)[max_frames]);

// The value of a write is known only when it has been made: reads it back. Called at the thread's next entry.
void complete_write(Thread& me);

}  // namespace lab::explorer::runtime
