// One-time initialisation: pthread_once (hence std::call_once) and the guards of static locals. An initialiser may
// throw through pthread_once, which must then be as if never called; see call_with_cleanup.c.
//
// Whether it was done stands in the program's memory, as the C and C++ libraries have it, so that what was initialised
// before the run is so in it. Who is about it is in the Object. What is done stays done: to find it so needs no point,
// since no order of events changes it. An initialiser that needs itself waits for itself.
#include <pthread.h>

#include "tools/explorer/runtime/failure.hpp"
#include "tools/explorer/runtime/memory.hpp"
#include "tools/explorer/runtime/models/lock.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"
#include "tools/explorer/runtime/trace.hpp"

// The C++ ABI's; the guard's first byte says whether the initialisation is done. A C program has none but these.
extern "C" {
int __cxa_guard_acquire(std::int64_t* guard);
void __cxa_guard_release(std::int64_t* guard) noexcept;
void __cxa_guard_abort(std::int64_t* guard) noexcept;
}

// Calls, and then calls `cleanup`, also if an exception goes through; its second argument says whether there was none.
extern "C" void lab_explorer_call_with_cleanup(void (*call)(void), void (*cleanup)(void*, int), void* argument);

namespace lab::explorer::runtime {

namespace {

constexpr pthread_once_t once_done = 2;  // the C library's

bool nobody_is_about_it(const Thread& waiter) { return object_at(waiter.next.object).owner < 0; }

void found_done(Thread& me, Address address) {
  acquire(me, object_at(address).released);
  happened(me, Operation::once, address, false);
}

// Waits until nobody is about it.
void reach_once(Thread& me, Address address, Address pc) {
  check_heap(me, address, 1, true, pc);
  if (owns(me, address))
    fail(&me, pc, Verdict::deadlock, "thread %u runs an initialiser that, directly or not, waits for its own end",
         me.id);
  Pending pending;
  pending.operation = Operation::once;
  pending.object = address;
  pending.pc = pc;
  pending.ready = nobody_is_about_it;
  point(me, pending);
}

// `begun`: this thread is to initialise.
void reached_once(Thread& me, Address address, bool begun, Address pc) {
  if (begun) {
    take(me, address, Hold::exclusive, pc);
    happened(me, Operation::once, address, true);
  } else {
    found_done(me, address);
  }
  if (Step* step = record(me, Operation::once, address, pc)) step->succeeded = begun;
}

// Not a point: it only lets others go on.
void end_once(Thread& me, Address address, bool succeeded) {
  give_up(me, address, Hold::exclusive);
  happened(me, Operation::once, address, true, succeeded ? 1 : 2);
}

struct Initialising {
  Thread* me;
  pthread_once_t* control;
};

// The initialiser has ended, by itself or by an exception.
void end_initialising(void* argument, int returned) {
  const Initialising& what = *static_cast<Initialising*>(argument);
  set_current(nullptr);
  if (returned != 0) *what.control = once_done;
  end_once(*what.me, reinterpret_cast<Address>(what.control), returned != 0);
  set_current(what.me);
}

bool is_done(const std::int64_t* guard) { return *reinterpret_cast<const volatile char*>(guard) != 0; }
void set_done(std::int64_t* guard) { *reinterpret_cast<volatile char*>(guard) = 1; }

}  // namespace

LAB_INTERPOSE int pthread_once(pthread_once_t* control, void (*initialise)()) {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_once)(control, initialise);
  Thread& me = entry.thread();
  const Address pc = LAB_PC(), address = reinterpret_cast<Address>(control);
  check_heap(me, address, 1, true, pc);
  if (*control == once_done) return found_done(me, address), 0;
  reach_once(me, address, pc);
  const bool begun = *control != once_done;
  reached_once(me, address, begun, pc);
  if (!begun) return 0;
  Initialising what{&me, control};
  set_current(&me);
  lab_explorer_call_with_cleanup(initialise, end_initialising, &what);
  return 0;
}

LAB_INTERPOSE int __cxa_guard_acquire(std::int64_t* guard) {
  Entry entry;
  if (!entry) {
    if (const auto library = LAB_REAL(__cxa_guard_acquire)) return library(guard);
    return !is_done(guard);  // the C++ library is linked statically: there is but this one
  }
  Thread& me = entry.thread();
  const Address pc = LAB_PC(), address = reinterpret_cast<Address>(guard);
  if (is_done(guard)) return found_done(me, address), 0;
  reach_once(me, address, pc);
  const bool begun = !is_done(guard);
  reached_once(me, address, begun, pc);
  return begun;
}

LAB_INTERPOSE void __cxa_guard_release(std::int64_t* guard) noexcept {
  Entry entry;
  if (!entry) {
    if (const auto library = LAB_REAL(__cxa_guard_release))
      library(guard);
    else
      set_done(guard);
    return;
  }
  set_done(guard);
  end_once(entry.thread(), reinterpret_cast<Address>(guard), true);
}

LAB_INTERPOSE void __cxa_guard_abort(std::int64_t* guard) noexcept {
  Entry entry;
  if (!entry) {
    if (const auto library = LAB_REAL(__cxa_guard_abort)) library(guard);
    return;
  }
  end_once(entry.thread(), reinterpret_cast<Address>(guard), false);
}

}  // namespace lab::explorer::runtime
