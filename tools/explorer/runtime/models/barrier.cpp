// Barriers. Each thread arrives at a point; the last to arrive lets all go, who from then on are ahead of nobody: what
// any of them did before the barrier happens before what any does after it. That is settled for all at the last
// arrival, and not when each leaves, since by then others may have arrived for the next round, which must not count.
//
// How many threads it takes stands in the C library's own structure, so that a barrier made before the run works in it.
#include <pthread.h>

#include <cerrno>

#include "tools/explorer/runtime/memory.hpp"
#include "tools/explorer/runtime/models/lock.hpp"
#include "tools/explorer/runtime/models/waiting.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"
#include "tools/explorer/runtime/trace.hpp"

namespace lab::explorer::runtime {

namespace {

Address address_of(const pthread_barrier_t* barrier) { return reinterpret_cast<Address>(barrier); }

// The C library's struct pthread_barrier, which no header shows.
struct Layout {
  unsigned in, round, count, shared, out;
};
static_assert(sizeof(Layout) <= sizeof(pthread_barrier_t));

Pending barrier_pending(Address address, Address pc) {
  Pending pending;
  pending.operation = Operation::barrier_wait;
  pending.object = address;
  pending.pc = pc;
  return pending;
}

}  // namespace

LAB_INTERPOSE int pthread_barrier_init(pthread_barrier_t* barrier, const pthread_barrierattr_t* attributes,
                                       unsigned count) noexcept {
  Entry entry;
  if (entry) check_heap(entry.thread(), address_of(barrier), sizeof *barrier, true, LAB_PC());
  const int result = LAB_REAL(pthread_barrier_init)(barrier, attributes, count);
  if (entry && result == 0) reset_lock(address_of(barrier));
  return result;
}

LAB_INTERPOSE int pthread_barrier_destroy(pthread_barrier_t* barrier) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_barrier_destroy)(barrier);
  check_heap(entry.thread(), address_of(barrier), 1, true, LAB_PC());
  return object_at(address_of(barrier)).value == 0 ? 0 : EBUSY;
}

LAB_INTERPOSE int pthread_barrier_wait(pthread_barrier_t* barrier) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(pthread_barrier_wait)(barrier);
  Thread& me = entry.thread();
  const Address pc = LAB_PC(), address = address_of(barrier);
  check_heap(me, address, 1, true, pc);
  point(me, barrier_pending(address, pc));
  check_heap(me, address, 1, true, pc);

  Object& object = object_at(address);
  object.limit = reinterpret_cast<const Layout*>(barrier)->count;
  release(me, object.released);
  const std::int64_t arrived = ++object.value;
  const bool last = arrived >= object.limit;
  happened(me, Operation::barrier_wait, address, true, static_cast<std::uint64_t>(arrived));
  if (Step* step = record(me, Operation::barrier_wait, address, pc)) {
    step->value = static_cast<std::uint64_t>(arrived);  // how many have arrived; leaving has no value
    step->size = 4;
    step->has_value = true;
  }
  if (last) {
    object.value = 0;
    acquire(me, object.released);
    const Waiters waiters = waiters_on(address);
    for (std::size_t i = 0; i < waiters.count; ++i) {
      acquire(*waiters.threads[i], object.released);
      notify(*waiters.threads[i]);
    }
    return PTHREAD_BARRIER_SERIAL_THREAD;
  }

  begin_waiting(me, address);
  Pending leave = barrier_pending(address, pc);
  leave.writes = false;
  leave.ready = was_notified;
  point(me, leave);  // the barrier may be gone afterwards: one of those let go may destroy it
  end_waiting(me);
  happened(me, Operation::barrier_wait, address, false);
  record(me, Operation::barrier_wait, address, pc);
  return 0;
}

}  // namespace lab::explorer::runtime
