#include "tools/explorer/runtime/models/threads.hpp"

#include <errno.h>
#include <pthread.h>
#include <unwind.h>

#include <cstring>

#include "tools/explorer/runtime/failure.hpp"
#include "tools/explorer/runtime/fiber.hpp"
#include "tools/explorer/runtime/memory.hpp"
#include "tools/explorer/runtime/models/ends.hpp"
#include "tools/explorer/runtime/models/process.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"
#include "tools/explorer/runtime/trace.hpp"

// Sets up the C library's character tables in a new thread's thread-locals.
extern "C" void __ctype_init();

namespace lab::explorer::runtime {
namespace {

Address object_of(const Thread& thread) { return reinterpret_cast<Address>(thread.control_block); }

void begin_thread() {
  Thread& me = this_fiber();
  __ctype_init();
  record(me, Operation::start, object_of(me), 0);
  void* result;
  {
    const Leave program(me);
    result = me.routine(me.argument);
  }
  end_thread(me, result);
}

bool has_ended(const Thread& waiting) { return !thread_of(waiting.next.object)->alive; }

int join(Thread& me, pthread_t which, void** result, Address pc) {
  Thread* const other = thread_of(which);
  if (other == nullptr) return ESRCH;
  if (other == &me) return EDEADLK;
  if (other->joined || other->detached) return EINVAL;
  Pending pending{Operation::join, object_of(*other), pc};
  pending.ready = has_ended;
  point(me, pending);
  other->joined = true;
  acquire(me, &other->clock);
  // The event is the other thread's last one too: its hash goes in.
  happened(me, Operation::join, object_of(*other), true, other->hash);
  if (Step* const step = record(me, Operation::join, object_of(*other), pc)) step->other = other->id;
  if (result != nullptr) *result = other->result;
  return 0;
}

bool all_others_ended(const Thread&) { return state.live_threads == 1; }

// --- pthread_exit: the stack is unwound as the C library does it, so that C++'s destructors run ----------------

_Unwind_Reason_Code at_frame(int, _Unwind_Action actions, _Unwind_Exception_Class, _Unwind_Exception*, _Unwind_Context*,
                             void* thread) {
  if ((actions & _UA_END_OF_STACK) == 0) return _URC_NO_REASON;
  Thread& me = *static_cast<Thread*>(thread);
  set_current(nullptr);
  end_thread(me, me.result);
}

}  // namespace

void end_thread(Thread& me, void* result) {
  complete_write(me);
  me.result = result;
  run_thread_destructors(me);
  run_key_destructors(me);
  if (state.live_threads == 1) end_of_last_thread(me);
  record(me, Operation::end, object_of(me), 0);
  me.clock.at[me.id]++;
  leave_for_ever(me);
}

void wait_for_all(Thread& me) {
  static char everybody;
  Pending pending{Operation::join, reinterpret_cast<Address>(&everybody), 0};
  pending.ready = all_others_ended;
  point(me, pending);
  for (std::uint32_t i = 0; i < state.thread_count; ++i) acquire(me, &threads[i].clock);
}

}  // namespace lab::explorer::runtime

using namespace lab::explorer;
using namespace lab::explorer::runtime;

extern "C" __attribute__((weak)) _Unwind_Reason_Code _Unwind_ForcedUnwind(_Unwind_Exception*, _Unwind_Stop_Fn, void*);

LAB_INTERPOSE int pthread_create(pthread_t* id, const pthread_attr_t* attributes, void* (*routine)(void*),
                                 void* argument) noexcept {
  const Entry entry;
  if (!entry) return LAB_REAL(pthread_create)(id, attributes, routine, argument);
  Thread& me = entry.thread();
  complete_write(me);
  Thread& made = new_thread(me);
  made.routine = routine;
  made.argument = argument;
  int detach = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &detach);
  made.detached = detach == PTHREAD_CREATE_DETACHED;
  make_fiber(made, begin_thread);
  made.next.object = object_of(made);
  *id = reinterpret_cast<pthread_t>(made.control_block);
  // Numbers are given in the order of making: who makes a thread first matters.
  static char numbers;
  happened(me, Operation::create, reinterpret_cast<Address>(&numbers), true);
  made.hash = mix(me.hash ^ 0x6e6577);
  if (Step* const step = record(me, Operation::create, object_of(made), LAB_PC())) step->other = made.id;
  return 0;
}

LAB_INTERPOSE int pthread_join(pthread_t which, void** result) {
  const Entry entry;
  if (!entry) return LAB_REAL(pthread_join)(which, result);
  return join(entry.thread(), which, result, LAB_PC());
}

LAB_INTERPOSE int pthread_detach(pthread_t which) noexcept {
  const Entry entry;
  if (!entry) return LAB_REAL(pthread_detach)(which);
  Thread* const other = thread_of(which);
  if (other == nullptr) return ESRCH;
  if (other->detached || other->joined) return EINVAL;
  other->detached = true;
  return 0;
}

LAB_INTERPOSE void pthread_exit(void* result) {
  Thread* const me = current;
  if (me == nullptr) {
    LAB_REAL(pthread_exit)(result);
    __builtin_unreachable();
  }
  me->result = result;
  if (_Unwind_ForcedUnwind != nullptr) {
    auto* const exception = static_cast<_Unwind_Exception*>(workspace(sizeof(_Unwind_Exception)));
    _Unwind_ForcedUnwind(exception, at_frame, me);
  }
  set_current(nullptr);
  end_thread(*me, result);
}

LAB_INTERPOSE pthread_t pthread_self() noexcept {
  const Entry entry;
  if (!entry) return LAB_REAL(pthread_self)();
  return reinterpret_cast<pthread_t>(entry.thread().control_block);
}

LAB_INTERPOSE int pthread_tryjoin_np(pthread_t which, void** result) noexcept {
  const Entry entry;
  if (!entry) return LAB_REAL(pthread_tryjoin_np)(which, result);
  unsupported(&entry.thread(), LAB_PC(), "pthread_tryjoin_np", "use pthread_join");
}

LAB_INTERPOSE int pthread_timedjoin_np(pthread_t which, void** result, const timespec* deadline) {
  const Entry entry;
  if (!entry) return LAB_REAL(pthread_timedjoin_np)(which, result, deadline);
  unsupported(&entry.thread(), LAB_PC(), "pthread_timedjoin_np", "use pthread_join");
}
