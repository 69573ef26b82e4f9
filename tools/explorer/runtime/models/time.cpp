// Virtual time. It stands still while threads run, and moves on when a wait ends by its time: so a run takes as long as
// it computes, however long it sleeps, and is the same on every machine. There is one clock: the real-time, the
// monotonic and the CPU clocks all show it.
//
// A program may poll the clock until it shows a certain time. For its sake every read after a thread's hundredth moves
// the clock on by a millisecond, and lets others go first. Up to then a read is no point: it finds what the last
// time-out left.
#include "tools/explorer/runtime/models/time.hpp"

#include <sched.h>
#include <sys/time.h>
#include <threads.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

#include "tools/explorer/runtime/models/deadline.hpp"
#include "tools/explorer/runtime/real.hpp"
#include "tools/explorer/runtime/scheduler.hpp"
#include "tools/explorer/runtime/trace.hpp"

namespace lab::explorer::runtime {

namespace {

constexpr std::uint32_t free_reads = 100;
constexpr std::uint64_t read_advance = 1'000'000;

char clock_place;  // stands for the clock among the objects
Address clock_object() { return reinterpret_cast<Address>(&clock_place); }

bool never(const Thread&) { return false; }

timespec as_timespec(std::uint64_t time) {
  return {static_cast<time_t>(time / second_ns), static_cast<long>(time % second_ns)};
}

int sleep_for(Thread& me, const timespec* duration, Address pc) {
  if (duration->tv_sec < 0 || !is_valid(*duration)) return EINVAL;
  sleep_until(me, from_now(nanoseconds(*duration)), pc);
  return 0;
}

}  // namespace

std::uint64_t read_clock(Thread& me, Address pc) {
  const bool advances = ++me.clock_reads > free_reads;
  if (advances) {
    Pending pending;
    pending.operation = Operation::clock;
    pending.object = clock_object();
    pending.pc = pc;
    pending.yields = true;
    point(me, pending);
    state.now = from_now(read_advance);
    state.log->virtual_ns += read_advance;
    state.idle_points = 0;  // time that passes gets the thread on, which waiting for others would not
  }
  const std::uint64_t now = state.now;
  happened(me, Operation::clock, clock_object(), advances, now);
  if (Step* step = record(me, Operation::clock, clock_object(), pc)) {
    step->value = now;
    step->size = 8;
    step->has_value = true;
  }
  return now;
}

void sleep_until(Thread& me, std::uint64_t deadline, Address pc) {
  if (deadline <= state.now) return give_way(me, pc);
  Pending pending;
  pending.operation = Operation::sleep;
  pending.object = clock_object();
  pending.pc = pc;
  pending.ready = never;
  pending.timed = true;
  pending.deadline = deadline;
  point(me, pending);
  happened(me, Operation::sleep, clock_object(), true, deadline);
  if (Step* step = record(me, Operation::sleep, clock_object(), pc)) step->timed_out = true;
}

void give_way(Thread& me, Address pc) {
  Pending pending;
  pending.operation = Operation::yield;
  pending.pc = pc;
  pending.writes = false;
  pending.yields = true;
  point(me, pending);
  happened(me, Operation::yield, 0, false);
  record(me, Operation::yield, 0, pc);
}

LAB_INTERPOSE int clock_gettime(clockid_t clock, timespec* time) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(clock_gettime)(clock, time);
  *time = as_timespec(read_clock(entry.thread(), LAB_PC()));
  return 0;
}

LAB_INTERPOSE int gettimeofday(timeval* time, void* zone) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(gettimeofday)(time, zone);
  const timespec now = as_timespec(read_clock(entry.thread(), LAB_PC()));
  *time = {now.tv_sec, now.tv_nsec / 1000};
  return 0;
}

LAB_INTERPOSE time_t time(time_t* time) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(time)(time);
  const time_t now = as_timespec(read_clock(entry.thread(), LAB_PC())).tv_sec;
  if (time) *time = now;
  return now;
}

LAB_INTERPOSE clock_t clock() noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(clock)();
  return static_cast<clock_t>(read_clock(entry.thread(), LAB_PC()) / (second_ns / CLOCKS_PER_SEC));
}

LAB_INTERPOSE int timespec_get(timespec* time, int base) noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(timespec_get)(time, base);
  if (base != TIME_UTC) return 0;
  *time = as_timespec(read_clock(entry.thread(), LAB_PC()));
  return base;
}

LAB_INTERPOSE int nanosleep(const timespec* duration, timespec* rest) {
  Entry entry;
  if (!entry) return LAB_REAL(nanosleep)(duration, rest);
  const int error = sleep_for(entry.thread(), duration, LAB_PC());
  if (error == 0) return 0;
  errno = error;
  return -1;
}

LAB_INTERPOSE int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* rest) {
  Entry entry;
  if (!entry) return LAB_REAL(clock_nanosleep)(clock, flags, time, rest);
  if (!(flags & TIMER_ABSTIME)) return sleep_for(entry.thread(), time, LAB_PC());
  if (!is_valid(*time)) return EINVAL;
  sleep_until(entry.thread(), nanoseconds(*time), LAB_PC());
  return 0;
}

LAB_INTERPOSE int usleep(useconds_t microseconds) {
  Entry entry;
  if (!entry) return LAB_REAL(usleep)(microseconds);
  sleep_until(entry.thread(), from_now(microseconds * std::uint64_t{1000}), LAB_PC());
  return 0;
}

LAB_INTERPOSE unsigned sleep(unsigned seconds) {
  Entry entry;
  if (!entry) return LAB_REAL(sleep)(seconds);
  sleep_until(entry.thread(), from_now(seconds * second_ns), LAB_PC());
  return 0;
}

LAB_INTERPOSE int thrd_sleep(const timespec* duration, timespec* rest) {
  Entry entry;
  if (!entry) return LAB_REAL(thrd_sleep)(duration, rest);
  return sleep_for(entry.thread(), duration, LAB_PC()) == 0 ? 0 : -2;
}

LAB_INTERPOSE int sched_yield() noexcept {
  Entry entry;
  if (!entry) return LAB_REAL(sched_yield)();
  give_way(entry.thread(), LAB_PC());
  return 0;
}

LAB_INTERPOSE void thrd_yield() {
  Entry entry;
  if (!entry) return LAB_REAL(thrd_yield)();
  give_way(entry.thread(), LAB_PC());
}

}  // namespace lab::explorer::runtime
