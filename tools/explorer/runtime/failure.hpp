// Ending a run.
#pragma once

#include "tools/explorer/runtime/state.hpp"

namespace lab::explorer::runtime {

// Ends the run with this verdict. `pc` is where; `me` is who, null if it cannot be said. Formats as printf does.
[[noreturn]] void fail(Thread* me, Address pc, Verdict verdict, const char* format, ...)
    __attribute__((format(printf, 4, 5)));

// The program calls what the explorer cannot model.
[[noreturn]] void unsupported(Thread* me, Address pc, const char* function, const char* why);

// Ends the run well.
[[noreturn]] void end_run();

// Catches signals (crashes, and time without progress) for the rest of this process.
void watch_for_crashes();
// Gives the run its time: CPU time without progress and time on the wall. In process, anew for each run.
void wind_watchdog();

// Set by whoever started the run: where to go when it is over.
extern void (*when_over)();

}  // namespace lab::explorer::runtime
