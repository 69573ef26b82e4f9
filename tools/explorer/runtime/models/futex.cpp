// System calls that a program makes by number, the futex above all: the C++ library builds atomic waits, futures,
// latches and semaphores on it. A futex wait compares the word and begins to wait in one step; a wake goes to threads
// that wait at that moment. What the word is, is the program's matter: it accesses it by atomics, which are points of
// their own, and they give happens-before, not the futex.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <ctime>

#include "tools/explorer/runtime/failure.hpp"
#include "tools/explorer/runtime/memory.hpp"
#include "tools/explorer/runtime/models/deadline.hpp"
#include "tools/explorer/runtime/models/random.hpp"
#include "tools/explorer/runtime/models/time.hpp"
#include "tools/explorer/runtime/models/waiting.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"
#include "tools/explorer/runtime/trace.hpp"

namespace lab::explorer::runtime {

namespace {

// Which wakes a waiter answers to; set whenever a thread begins to wait.
std::uint32_t masks[max_threads];

long failed(int error) {
  errno = error;
  return -1;
}

Pending futex_pending(Operation operation, Address address, Address pc) {
  Pending pending;
  pending.operation = operation;
  pending.object = address;
  pending.pc = pc;
  return pending;
}

// `deadline`: null if there is none.
long wait(Thread& me, Address address, std::uint32_t expected, const std::uint64_t* deadline, std::uint32_t mask,
          Address pc) {
  if (mask == 0) return failed(EINVAL);
  check_heap(me, address, 4, false, pc);
  Pending pending = futex_pending(Operation::futex_wait, address, pc);
  point(me, pending);
  check_heap(me, address, 4, false, pc);
  const std::uint32_t found = *reinterpret_cast<const volatile std::uint32_t*>(address);
  const bool waits = found == expected;
  happened(me, Operation::futex_wait, address, waits, waits ? 0 : 1);
  if (Step* step = record(me, Operation::futex_wait, address, pc)) {
    step->value = found;
    step->size = 4;
    step->has_value = true;
    step->succeeded = waits;
  }
  if (!waits) return failed(EAGAIN);

  begin_waiting(me, address);
  masks[me.id] = mask;
  pending.ready = was_notified;
  pending.timed = deadline != nullptr;
  pending.deadline = deadline ? *deadline : 0;
  const Woken woken = point(me, pending);
  end_waiting(me);
  // Whoever leaves without having been woken changes whom the next wake can go to.
  happened(me, Operation::futex_wait, address, woken != Woken::ready, outcome(woken, deadline ? *deadline : 0));
  if (Step* step = record(me, Operation::futex_wait, address, pc)) step->timed_out = woken == Woken::timed_out;
  return woken == Woken::timed_out ? failed(ETIMEDOUT) : 0;
}

long wake(Thread& me, Address address, std::uint32_t limit, std::uint32_t mask, Address pc) {
  if (mask == 0) return failed(EINVAL);
  // The word itself is not touched: it may be gone, if a thread saw its last value and destroyed it.
  point(me, futex_pending(Operation::futex_wake, address, pc));
  Waiters waiters = waiters_on(address);
  std::size_t answering = 0;
  for (std::size_t i = 0; i < waiters.count; ++i)
    if (masks[waiters.threads[i]->id] & mask) waiters.threads[answering++] = waiters.threads[i];
  waiters.count = answering;

  std::uint32_t woken = 0;
  std::uint64_t who = 0;
  std::uint16_t first = 0;
  for (; woken < limit && waiters.count > 0; ++woken) {
    Thread* waiter = waiters.threads[0];
    if (waiters.count <= limit - woken) {  // all of them: nothing to choose
      notify(*waiter);
      ++waiters.threads;
      --waiters.count;
    } else {
      waiter = &notify_one_of(me, waiters);
    }
    if (woken == 0) first = waiter->id;
    who += mix(waiter->id + std::uint64_t{1});
  }
  happened(me, Operation::futex_wake, address, true, who);
  if (Step* step = record(me, Operation::futex_wake, address, pc)) {
    step->value = woken;  // how many it woke
    step->size = 4;
    step->has_value = true;
    step->succeeded = woken > 0;
    step->other = first;
  }
  return woken;
}

long futex(Thread& me, const long (&argument)[6], Address pc) {
  const auto address = static_cast<Address>(argument[0]);
  const auto value = static_cast<std::uint32_t>(argument[2]);
  const auto* time = reinterpret_cast<const timespec*>(argument[3]);
  const auto mask = static_cast<std::uint32_t>(argument[5]);
  const int operation = static_cast<int>(argument[1]) & FUTEX_CMD_MASK;
  const bool waits = operation == FUTEX_WAIT || operation == FUTEX_WAIT_BITSET;
  if (waits && time && (time->tv_sec < 0 || !is_valid(*time))) return failed(EINVAL);
  std::uint64_t deadline = 0;
  switch (operation) {
    case FUTEX_WAIT:  // its time limit is relative, unlike all others
      if (time) deadline = from_now(nanoseconds(*time));
      return wait(me, address, value, time ? &deadline : nullptr, FUTEX_BITSET_MATCH_ANY, pc);
    case FUTEX_WAIT_BITSET:
      if (time) deadline = nanoseconds(*time);
      return wait(me, address, value, time ? &deadline : nullptr, mask, pc);
    case FUTEX_WAKE:
      return wake(me, address, value, FUTEX_BITSET_MATCH_ANY, pc);
    case FUTEX_WAKE_BITSET:
      return wake(me, address, value, mask, pc);
    default:
      unsupported(&me, pc, "futex", "an operation other than wait and wake");
  }
}

// Thread 0 has the process's number, as programs that look for their main thread expect; the others have numbers that
// no process can have.
pid_t thread_number(const Thread& me) { return me.id == 0 ? getpid() : (1 << 22) + me.id; }

void show_clock(Thread& me, long where, Address pc) {
  const std::uint64_t now = read_clock(me, pc);
  *reinterpret_cast<timespec*>(where) = {static_cast<time_t>(now / second_ns), static_cast<long>(now % second_ns)};
}

}  // namespace

LAB_INTERPOSE long syscall(long number, ...) noexcept {
  long argument[6];
  va_list list;
  va_start(list, number);
  for (long& a : argument) a = va_arg(list, long);
  va_end(list);
  Entry entry;
  if (entry) {
    Thread& me = entry.thread();
    const Address pc = LAB_PC();
    switch (number) {
      case SYS_futex:
        return futex(me, argument, pc);
      case SYS_gettid:
        return thread_number(me);
      case SYS_getrandom:
        check_heap(me, static_cast<Address>(argument[0]), static_cast<std::size_t>(argument[1]), true, pc);
        fill_random(me, reinterpret_cast<void*>(argument[0]), static_cast<std::size_t>(argument[1]));
        return argument[1];
      case SYS_sched_yield:
        return give_way(me, pc), 0;
      case SYS_clock_gettime:
        return show_clock(me, argument[1], pc), 0;
      case SYS_gettimeofday: {
        const std::uint64_t now = read_clock(me, pc);
        *reinterpret_cast<timeval*>(argument[0]) = {static_cast<time_t>(now / second_ns),
                                                    static_cast<suseconds_t>(now % second_ns / 1000)};
        return 0;
      }
      case SYS_nanosleep:
        sleep_until(me, from_now(nanoseconds(*reinterpret_cast<const timespec*>(argument[0]))), pc);
        return 0;
      case SYS_clock_nanosleep: {
        const std::uint64_t time = nanoseconds(*reinterpret_cast<const timespec*>(argument[2]));
        sleep_until(me, argument[1] & TIMER_ABSTIME ? time : from_now(time), pc);
        return 0;
      }
      case SYS_fork:
      case SYS_vfork:
      case SYS_clone:
      case SYS_clone3:
        unsupported(&me, pc, "syscall", "it makes a thread or process past the library");
      default:
        break;
    }
  }
  return LAB_REAL(syscall)(number, argument[0], argument[1], argument[2], argument[3], argument[4], argument[5]);
}

LAB_INTERPOSE pid_t gettid() noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(gettid)();
  return thread_number(entry.thread());
}

}  // namespace lab::explorer::runtime
