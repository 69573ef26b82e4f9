// A lock is taken at a point that is ready when the lock is free. Giving it up only makes more things possible for
// others, so it needs to be a point only where somebody could have seen the lock held: by trying it, or by waiting with
// a time limit. Such attempts are marked in the log, and the controller then asks for those points
// (Plan::unlock_points).
//
// Two threads that take a lock shared do not disturb each other, so that is an event that reads. Giving up is one that
// writes, or else a thread that tries again and again would seem to find nothing new.
#include "tools/explorer/runtime/models/lock.hpp"

#include <cerrno>
#include <cstdio>

#include "tools/explorer/runtime/failure.hpp"
#include "tools/explorer/runtime/holds.hpp"
#include "tools/explorer/runtime/memory.hpp"
#include "tools/explorer/runtime/models/deadline.hpp"
#include "tools/explorer/runtime/scheduler.hpp"
#include "tools/explorer/runtime/trace.hpp"

namespace lab::explorer::runtime {

namespace {

Operation lock_operation(Hold hold) { return hold == Hold::exclusive ? Operation::lock : Operation::lock_shared; }

bool ready_exclusive(const Thread& waiter) { return is_free(object_at(waiter.next.object), Hold::exclusive); }
bool ready_shared(const Thread& waiter) { return is_free(object_at(waiter.next.object), Hold::shared); }

Pending lock_pending(Address address, Hold hold, Address pc) {
  Pending pending;
  pending.operation = lock_operation(hold);
  pending.object = address;
  pending.pc = pc;
  pending.writes = hold == Hold::exclusive;
  pending.ready = hold == Hold::exclusive ? ready_exclusive : ready_shared;
  return pending;
}

// The place of a lock in the thread's list, from the end since locks are mostly given up in the reverse order; or
// held_count.
std::uint32_t find_held(const Thread& me, Address address, bool shared) {
  for (std::uint32_t i = me.held_count; i-- > 0;)
    if (me.held[i].object == address && me.held[i].shared == shared) return i;
  return me.held_count;
}

bool holds(const Thread& who, Address address) { return owns(who, address) || shares(who, address); }

// The lock that a thread cannot go on without, whatever time and chance do; 0: none. A wait on a condition variable is
// for its mutex alone once nothing else can end it.
Address awaited_lock(const Thread& waiter) {
  const Pending& next = waiter.next;
  if (next.timed || next.may_be_spurious || !next.ready || next.ready(waiter)) return 0;
  if (next.operation == Operation::lock || next.operation == Operation::lock_shared) return next.object;
  return next.operation == Operation::wake ? next.second : 0;
}

// The cycle as a sentence. `waits_for[t]` is the thread that t waits for, beginning and ending with `me`.
[[noreturn]] void fail_with_cycle(Thread& me, Address pc, const std::uint16_t* waits_for) {
  const std::uint16_t first = waits_for[me.id];
  describe_blocked(me);
  for (std::uint16_t waiter = first; waiter != me.id; waiter = waits_for[waiter]) describe_blocked(thread(waiter));
  if (first == me.id) fail(&me, pc, Verdict::deadlock, "thread %u waits for a lock that it holds itself", me.id);
  char others[max_message / 2] = "";
  std::size_t length = 0;
  for (std::uint16_t waiter = first; waiter != me.id && length + 64 < sizeof others; waiter = waits_for[waiter]) {
    const std::uint16_t holder = waits_for[waiter];
    length += static_cast<std::size_t>(std::snprintf(others + length, sizeof others - length,
                                                     "%s thread %u for one that thread %u holds",
                                                     holder == me.id ? ", and" : ",", waiter, holder));
  }
  fail(&me, pc, Verdict::deadlock, "thread %u waits for a lock that thread %u holds%s", me.id, first, others);
}

void record_lock(Thread& me, Operation operation, Address address, Address pc, bool succeeded, bool timed_out) {
  const std::int32_t owner = object_at(address).owner;
  if (Step* step = record(me, operation, address, pc)) {
    step->succeeded = succeeded;
    step->timed_out = timed_out;
    if (owner >= 0) step->other = static_cast<std::uint16_t>(owner);
  }
}

int finish_lock(Thread& me, Operation operation, Address address, Hold hold, Address pc) {
  check_heap(me, address, 1, true, pc);  // it may have been freed while this thread waited
  take(me, address, hold, pc);
  happened(me, operation, address, hold == Hold::exclusive);
  record_lock(me, operation, address, pc, true, false);
  return 0;
}

}  // namespace

bool is_free(const Object& object, Hold hold) {
  return object.owner < 0 && (hold == Hold::shared || object.readers == 0);
}

bool owns(const Thread& me, Address address) { return object_at(address).owner == me.id; }

bool shares(const Thread& me, Address address) { return find_held(me, address, true) < me.held_count; }

void take(Thread& me, Address address, Hold hold, Address pc) {
  Object& object = object_at(address);
  acquire(me, object.released);
  if (hold == Hold::exclusive) {
    object.owner = me.id;
    object.depth = 1;
    acquire(me, object.read_released);
  } else {
    ++object.readers;
  }
  if (me.held_count < max_held) {
    HeldLock& held = me.held[me.held_count++];
    held.object = address;
    held.shared = hold == Hold::shared;
    held.frame_count = copy_frames(me, pc, held.frames);
    held.note = note_taken(me);
  } else if (hold == Hold::shared || me.notes != nullptr) {
    // An exclusive one is known by its owner; a shared one, and what is noted, only by this list.
    unsupported(&me, pc, hold == Hold::shared ? "pthread_rwlock_rdlock" : "pthread_mutex_lock",
                "the thread holds too many locks");
  }
}

void give_up(Thread& me, Address address, Hold hold) {
  Object& object = object_at(address);
  if (hold == Hold::exclusive) {
    if (--object.depth > 0) return;
    object.owner = -1;
    release(me, object.released);
  } else {
    --object.readers;
    release(me, object.read_released);
  }
  std::uint32_t place = find_held(me, address, hold == Hold::shared);
  if (place == me.held_count) return;
  note_given_back(me, me.held[place]);
  for (--me.held_count; place < me.held_count; ++place) me.held[place] = me.held[place + 1];
}

void report_cycle(Thread& me, const Pending& pending, Address address) {
  // Breadth first from `me` over "waits for": each thread is entered once, with the one that waits for it.
  static std::uint16_t queue[max_threads], waiter_of[max_threads];
  static bool seen[max_threads];
  for (std::uint32_t id = 0; id < state.thread_count; ++id) seen[id] = false;
  std::size_t head = 0, tail = 0;
  queue[tail++] = me.id;
  while (head < tail) {
    const std::uint16_t waiter = queue[head++];
    const Address wanted = waiter == me.id ? address : awaited_lock(thread(waiter));
    if (!wanted) continue;
    for (std::uint32_t id = 0; id < state.thread_count; ++id) {
      const Thread& holder = thread(id);
      if (!holder.alive || seen[id] || !holds(holder, wanted)) continue;
      seen[id] = true;
      waiter_of[id] = waiter;
      queue[tail++] = holder.id;
      if (id != me.id) continue;
      static std::uint16_t waits_for[max_threads];
      std::uint16_t at = me.id;
      do {
        waits_for[waiter_of[at]] = at;
        at = waiter_of[at];
      } while (at != me.id);
      me.next = pending;  // so that the account of the blocked shows it
      fail_with_cycle(me, pending.pc, waits_for);
    }
  }
}

int lock(Thread& me, Address address, Hold hold, Address pc) {
  check_heap(me, address, 1, true, pc);
  const Pending pending = lock_pending(address, hold, pc);
  // Such a cycle never resolves, whatever the threads outside it do. One that closes later is found when nothing can
  // run.
  if (!is_free(object_at(address), hold)) report_cycle(me, pending, address);
  point(me, pending);
  return finish_lock(me, pending.operation, address, hold, pc);
}

int lock_until(Thread& me, Address address, Hold hold, const timespec& deadline, Address pc) {
  check_heap(me, address, 1, true, pc);
  if (!is_valid(deadline)) return EINVAL;
  state.log->tried_lock = true;
  Pending pending = lock_pending(address, hold, pc);
  pending.timed = true;
  pending.deadline = nanoseconds(deadline);
  if (point(me, pending) != Woken::timed_out) return finish_lock(me, pending.operation, address, hold, pc);
  happened(me, pending.operation, address, false, outcome(Woken::timed_out, pending.deadline));
  record_lock(me, pending.operation, address, pc, false, true);
  return ETIMEDOUT;
}

int try_lock(Thread& me, Address address, Hold hold, Address pc) {
  check_heap(me, address, 1, true, pc);
  state.log->tried_lock = true;
  Pending pending;
  pending.operation = hold == Hold::exclusive ? Operation::try_lock : Operation::try_lock_shared;
  pending.object = address;
  pending.pc = pc;
  pending.may_spin = true;
  point(me, pending);
  if (is_free(object_at(address), hold)) return finish_lock(me, pending.operation, address, hold, pc);
  got_nowhere(me);
  happened(me, pending.operation, address, false, 1);
  record_lock(me, pending.operation, address, pc, false, false);
  return EBUSY;
}

void unlock(Thread& me, Address address, Hold hold, Address pc) {
  const Operation operation = hold == Hold::exclusive ? Operation::unlock : Operation::unlock_shared;
  const bool outermost = hold == Hold::shared || object_at(address).depth == 1;
  if (outermost && state.plan->unlock_points) {
    Pending pending;
    pending.operation = operation;
    pending.object = address;
    pending.pc = pc;
    point(me, pending);
  }
  give_up(me, address, hold);
  happened(me, operation, address, outermost);
  record(me, operation, address, pc);
}

void lock_again(Thread& me, Address address, Address pc) {
  ++object_at(address).depth;
  happened(me, Operation::lock, address, false);
  record_lock(me, Operation::lock, address, pc, true, false);
}

void reset_lock(Address address) {
  Object& object = object_at(address);
  object.owner = -1;
  object.depth = 0;
  object.readers = 0;
  object.value = 0;
  object.limit = 0;
  object.released = nullptr;
  object.read_released = nullptr;
}

}  // namespace lab::explorer::runtime
