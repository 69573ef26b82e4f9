// Semaphores. The count stays where the C library keeps it, in the first word of the sem_t: what was done before the
// run and what is done after it then agree with the run, and outside a run the library's own functions do.
// Object::value follows it. A post that many waiters could use is left to whoever runs first, as in the library: nobody
// is chosen when it is made.
#include <semaphore.h>

#include <cerrno>
#include <climits>

#include "tools/explorer/runtime/failure.hpp"
#include "tools/explorer/runtime/memory.hpp"
#include "tools/explorer/runtime/models/deadline.hpp"
#include "tools/explorer/runtime/models/lock.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"
#include "tools/explorer/runtime/trace.hpp"

namespace lab::explorer::runtime {

namespace {

Address address_of(const sem_t* semaphore) { return reinterpret_cast<Address>(semaphore); }

std::uint32_t& count_at(Address address) { return *reinterpret_cast<std::uint32_t*>(address); }

bool is_positive(const Thread& waiter) { return count_at(waiter.next.object) > 0; }

int failed(int error) {
  errno = error;
  return -1;
}

void note_count(Address address, Step* step) {
  object_at(address).value = count_at(address);
  if (!step) return;
  step->value = count_at(address);
  step->size = 4;
  step->has_value = true;
}

int take_one(Thread& me, Address address, Address pc) {
  check_heap(me, address, 1, true, pc);
  --count_at(address);
  acquire(me, object_at(address).released);
  happened(me, Operation::semaphore_wait, address, true);
  note_count(address, record(me, Operation::semaphore_wait, address, pc));
  return 0;
}

int take_in_vain(Thread& me, Address address, Address pc, std::uint64_t detail, bool timed_out) {
  happened(me, Operation::semaphore_wait, address, false, detail);
  if (Step* step = record(me, Operation::semaphore_wait, address, pc)) {
    step->succeeded = false;
    step->timed_out = timed_out;
    note_count(address, step);
  }
  return failed(timed_out ? ETIMEDOUT : EAGAIN);
}

int wait(Thread& me, Address address, const timespec* limit, Address pc) {
  check_heap(me, address, 1, true, pc);
  if (limit && !is_valid(*limit)) return failed(EINVAL);
  Pending pending;
  pending.operation = Operation::semaphore_wait;
  pending.object = address;
  pending.pc = pc;
  pending.ready = is_positive;
  if (limit) {
    state.log->tried_lock = true;
    pending.timed = true;
    pending.deadline = nanoseconds(*limit);
  }
  const std::uint64_t deadline = pending.deadline;
  const Woken woken = point(me, pending);
  if (woken == Woken::timed_out) return take_in_vain(me, address, pc, outcome(woken, deadline), true);
  return take_one(me, address, pc);
}

}  // namespace

LAB_INTERPOSE int sem_init(sem_t* semaphore, int shared, unsigned count) noexcept {
  Entry entry;
  if (entry) check_heap(entry.thread(), address_of(semaphore), sizeof *semaphore, true, LAB_PC());
  const int result = LAB_REAL(sem_init)(semaphore, shared, count);
  if (entry && result == 0) {
    reset_lock(address_of(semaphore));
    object_at(address_of(semaphore)).value = count;
  }
  return result;
}

LAB_INTERPOSE int sem_destroy(sem_t* semaphore) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(sem_destroy)(semaphore);
  check_heap(entry.thread(), address_of(semaphore), 1, true, LAB_PC());
  return 0;
}

LAB_INTERPOSE int sem_getvalue(sem_t* semaphore, int* count) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(sem_getvalue)(semaphore, count);
  Thread& me = entry.thread();
  const Address pc = LAB_PC(), address = address_of(semaphore);
  check_heap(me, address, 1, true, pc);
  Pending pending;
  pending.operation = Operation::atomic_load;
  pending.object = address;
  pending.pc = pc;
  pending.writes = false;
  pending.may_spin = true;
  point(me, pending);
  check_heap(me, address, 1, true, pc);
  *count = static_cast<int>(count_at(address));
  happened(me, Operation::atomic_load, address, false);
  note_count(address, record(me, Operation::atomic_load, address, pc));
  return 0;
}

LAB_INTERPOSE int sem_post(sem_t* semaphore) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(sem_post)(semaphore);
  Thread& me = entry.thread();
  const Address pc = LAB_PC(), address = address_of(semaphore);
  check_heap(me, address, 1, true, pc);
  Pending pending;
  pending.operation = Operation::semaphore_post;
  pending.object = address;
  pending.pc = pc;
  point(me, pending);
  check_heap(me, address, 1, true, pc);
  const bool fits = count_at(address) < SEM_VALUE_MAX;
  if (fits) {
    ++count_at(address);
    release(me, object_at(address).released);
  }
  happened(me, Operation::semaphore_post, address, fits);
  Step* step = record(me, Operation::semaphore_post, address, pc);
  note_count(address, step);
  if (step) step->succeeded = fits;
  return fits ? 0 : failed(EOVERFLOW);
}

LAB_INTERPOSE int sem_wait(sem_t* semaphore) {
  Entry entry;
  if (!entry) return LAB_REAL(sem_wait)(semaphore);
  return wait(entry.thread(), address_of(semaphore), nullptr, LAB_PC());
}

LAB_INTERPOSE int sem_timedwait(sem_t* semaphore, const timespec* deadline) {
  Entry entry;
  if (!entry) return LAB_REAL(sem_timedwait)(semaphore, deadline);
  return wait(entry.thread(), address_of(semaphore), deadline, LAB_PC());
}

LAB_INTERPOSE int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* deadline) {
  Entry entry;
  if (!entry) return LAB_REAL(sem_clockwait)(semaphore, clock, deadline);
  return wait(entry.thread(), address_of(semaphore), deadline, LAB_PC());
}

LAB_INTERPOSE int sem_trywait(sem_t* semaphore) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(sem_trywait)(semaphore);
  Thread& me = entry.thread();
  const Address pc = LAB_PC(), address = address_of(semaphore);
  check_heap(me, address, 1, true, pc);
  state.log->tried_lock = true;
  Pending pending;
  pending.operation = Operation::semaphore_wait;
  pending.object = address;
  pending.pc = pc;
  pending.may_spin = true;
  point(me, pending);
  if (count_at(address) > 0) return take_one(me, address, pc);
  got_nowhere(me);
  return take_in_vain(me, address, pc, 1, false);
}

}  // namespace lab::explorer::runtime
