// Condition variables. To give up the mutex and to begin to wait is one step, as POSIX demands: no notification falls
// between them. A wait ends by a notification, by its deadline, or by nothing (a spurious wake-up); then the mutex is
// taken again, in the same step if it is free. Notifications order nothing for happens-before: the mutex does.
//
// A notified waiter no longer waits for the variable, only for the mutex, so that the variable may be destroyed; one
// that was not notified would keep the C library's pthread_cond_destroy waiting for ever.
#include <pthread.h>

#include <cerrno>

#include "tools/explorer/runtime/failure.hpp"
#include "tools/explorer/runtime/memory.hpp"
#include "tools/explorer/runtime/models/deadline.hpp"
#include "tools/explorer/runtime/models/lock.hpp"
#include "tools/explorer/runtime/models/waiting.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"
#include "tools/explorer/runtime/trace.hpp"

namespace lab::explorer::runtime {

namespace {

Address address_of(const pthread_cond_t* condition) { return reinterpret_cast<Address>(condition); }

// A recursive mutex that was held more than once is still this thread's.
bool can_take(const Thread& me, Address mutex) { return owns(me, mutex) || is_free(object_at(mutex), Hold::exclusive); }

bool mutex_is_free(const Thread& waiter) { return can_take(waiter, waiter.next.second); }

bool notified_and_mutex_free(const Thread& waiter) { return waiter.notified && mutex_is_free(waiter); }

void take_mutex_again(Thread& me, Address mutex, Address pc) {
  check_heap(me, mutex, 1, true, pc);
  if (owns(me, mutex))
    ++object_at(mutex).depth;
  else
    take(me, mutex, Hold::exclusive, pc);
  happened(me, Operation::lock, mutex, true);
}

int wait(Thread& me, pthread_cond_t* condition, pthread_mutex_t* locked, const timespec* limit, Address pc) {
  const Address variable = address_of(condition), mutex = reinterpret_cast<Address>(locked);
  check_heap(me, variable, 1, true, pc);
  check_heap(me, mutex, 1, true, pc);
  if (limit && !is_valid(*limit)) return EINVAL;
  if (!owns(me, mutex)) {
    const int kind = locked->__data.__kind & 3;
    if (kind == PTHREAD_MUTEX_ERRORCHECK || kind == PTHREAD_MUTEX_RECURSIVE) return EPERM;
    fail(&me, pc, Verdict::crash, "thread %u waits on a condition variable with a mutex that it does not hold", me.id);
  }

  Pending pending;
  pending.operation = Operation::wait;
  pending.object = variable;
  pending.pc = pc;
  pending.second = mutex;
  point(me, pending);
  check_heap(me, variable, 1, true, pc);
  give_up(me, mutex, Hold::exclusive);
  begin_waiting(me, variable);
  happened(me, Operation::wait, variable, true);
  happened(me, Operation::unlock, mutex, true);
  record(me, Operation::wait, variable, pc);

  pending.operation = Operation::wake;
  pending.ready = notified_and_mutex_free;
  pending.timed = limit != nullptr;
  pending.deadline = limit ? nanoseconds(*limit) : 0;
  pending.may_be_spurious = true;
  const std::uint64_t deadline = pending.deadline;
  const Woken woken = point(me, pending);
  end_waiting(me);
  // Whoever leaves without a notification changes whom the next one can go to.
  happened(me, Operation::wake, variable, woken != Woken::ready, outcome(woken, deadline));
  if (!can_take(me, mutex)) {  // time and chance do not ask whether it is
    pending.ready = mutex_is_free;
    pending.timed = pending.may_be_spurious = false;
    point(me, pending);
  }
  take_mutex_again(me, mutex, pc);
  if (Step* step = record(me, Operation::wake, variable, pc)) {
    step->timed_out = woken == Woken::timed_out;
    step->spurious = woken == Woken::spurious;
  }
  return woken == Woken::timed_out ? ETIMEDOUT : 0;
}

void reach_notification(Thread& me, Operation operation, Address variable, Address pc) {
  check_heap(me, variable, 1, true, pc);
  Pending pending;
  pending.operation = operation;
  pending.object = variable;
  pending.pc = pc;
  point(me, pending);
  check_heap(me, variable, 1, true, pc);
}

}  // namespace

LAB_INTERPOSE int pthread_cond_init(pthread_cond_t* condition, const pthread_condattr_t* attributes) noexcept {
  Entry entry;
  if (entry) check_heap(entry.thread(), address_of(condition), sizeof *condition, true, LAB_PC());
  return LAB_REAL(pthread_cond_init)(condition, attributes);
}

LAB_INTERPOSE int pthread_cond_destroy(pthread_cond_t* condition) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_cond_destroy)(condition);
  Thread& me = entry.thread();
  const Address pc = LAB_PC();
  check_heap(me, address_of(condition), 1, true, pc);
  const Waiters waiters = waiters_on(address_of(condition));
  if (waiters.count > 0)
    fail(&me, pc, Verdict::deadlock, "thread %u destroys a condition variable that thread %u still waits on", me.id,
         waiters.threads[0]->id);
  return 0;
}

LAB_INTERPOSE int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_cond_wait)(condition, mutex);
  return wait(entry.thread(), condition, mutex, nullptr, LAB_PC());
}

LAB_INTERPOSE int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* deadline) {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_cond_timedwait)(condition, mutex, deadline);
  return wait(entry.thread(), condition, mutex, deadline, LAB_PC());
}

LAB_INTERPOSE int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                                         const timespec* deadline) {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_cond_clockwait)(condition, mutex, clock, deadline);
  return wait(entry.thread(), condition, mutex, deadline, LAB_PC());
}

LAB_INTERPOSE int pthread_cond_signal(pthread_cond_t* condition) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_cond_signal)(condition);
  Thread& me = entry.thread();
  const Address pc = LAB_PC(), variable = address_of(condition);
  reach_notification(me, Operation::notify_one, variable, pc);
  Waiters waiters = waiters_on(variable);
  const Thread* woken = waiters.count > 0 ? &notify_one_of(me, waiters) : nullptr;
  happened(me, Operation::notify_one, variable, true, woken ? woken->id + 1u : 0u);
  if (Step* step = record(me, Operation::notify_one, variable, pc)) {
    step->succeeded = woken != nullptr;
    if (woken) step->other = woken->id;
  }
  return 0;
}

LAB_INTERPOSE int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_cond_broadcast)(condition);
  Thread& me = entry.thread();
  const Address pc = LAB_PC(), variable = address_of(condition);
  reach_notification(me, Operation::notify_all, variable, pc);
  const Waiters waiters = waiters_on(variable);
  for (std::size_t i = 0; i < waiters.count; ++i) notify(*waiters.threads[i]);
  happened(me, Operation::notify_all, variable, true, waiters.count);
  if (Step* step = record(me, Operation::notify_all, variable, pc)) {
    step->succeeded = waiters.count > 0;
    step->has_value = true;
    step->size = 4;
    step->value = waiters.count;  // how many it woke
    if (waiters.count > 0) step->other = waiters.threads[0]->id;
  }
  return 0;
}

}  // namespace lab::explorer::runtime
