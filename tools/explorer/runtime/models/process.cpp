#include "tools/explorer/runtime/models/process.hpp"

#include <stdlib.h>
#include <unistd.h>

#include "tools/explorer/runtime/failure.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"
#include "tools/explorer/runtime/trace.hpp"

namespace lab::explorer::runtime {

int exit_status;

namespace {

char process;  // the object of its end

bool nobody_exits(const Thread&) { return !state.exiting; }

// The scheduler lets whatever can still run go first; that the end comes earlier is an alternative. While exit handlers
// run, other threads go on; a second one that wants to end the process waits for ever.
void begin_exit(Thread& me, int status, Address pc) {
  // A scenario has to return: whoever ends the process instead leaves unsaid whether anything holds.
  if (state.in_process) fail(&me, pc, Verdict::crash, "the code ends the whole process, with status %d", status);
  Pending pending{Operation::exit, reinterpret_cast<Address>(&process), pc};
  pending.ready = nobody_exits;
  point(me, pending);
  state.exiting = true;
  exit_status = status;
  happened(me, Operation::exit, reinterpret_cast<Address>(&process), true);
  record(me, Operation::exit, reinterpret_cast<Address>(&process), pc);
}

}  // namespace

void main_returned(Thread& me, int status) { begin_exit(me, status, 0); }

void end_of_last_thread(Thread& me) {
  if (state.in_process || me.id == 0) return;
  const Leave program(me);
  exit(0);
}

}  // namespace lab::explorer::runtime

using namespace lab::explorer::runtime;

LAB_INTERPOSE void exit(int status) noexcept {
  Thread* const me = current;
  if (me != nullptr) {
    {
      const Entry entry;
      begin_exit(*me, status, LAB_PC());
    }
  }
  LAB_REAL(exit)(status);
  __builtin_unreachable();
}

#define LAB_EXIT_AT_ONCE(name)                       \
  LAB_INTERPOSE void name(int status) {              \
    if (Thread* const me = current; me != nullptr) { \
      set_current(nullptr);                          \
      begin_exit(*me, status, LAB_PC());             \
      end_run();                                     \
    }                                                \
    LAB_REAL(name)(status);                          \
    __builtin_unreachable();                         \
  }
LAB_EXIT_AT_ONCE(_exit)
LAB_EXIT_AT_ONCE(_Exit)
LAB_EXIT_AT_ONCE(quick_exit)
