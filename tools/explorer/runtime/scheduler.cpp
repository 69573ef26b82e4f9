#include "tools/explorer/runtime/scheduler.hpp"

#include <cstring>
#include <iterator>

#include "tools/explorer/runtime/failure.hpp"
#include "tools/explorer/runtime/fiber.hpp"
#include "tools/explorer/runtime/holds.hpp"
#include "tools/explorer/runtime/tail.hpp"
#include "tools/explorer/runtime/trace.hpp"

namespace lab::explorer::runtime {

constinit thread_local Thread* current __attribute__((tls_model("local-exec"))) = nullptr;

namespace {

// Points in a row at which threads only wait for each other: nobody will get on any more. Far above what a fair
// schedule of a correct program needs, since there each thread that spins lets all others go first.
constexpr std::uint32_t livelock_points = 2000;

// A thread that is taken although it yields goes on through as many yields as a spin may have before it begins to wait
// (libstdc++'s atomic::wait yields a few times): to get it asleep while others could run is one departure, not many.
constexpr std::uint32_t insisted_yields = 32;

Alternative scratch[max_threads * 3];

bool is_ready(const Thread& thread) {
  return thread.alive && (thread.next.ready == nullptr || thread.next.ready(thread));
}

bool can_time_out(const Thread& thread) { return thread.alive && thread.next.timed; }

// A wait without a loop around it must not depend on luck; one wake-up for nothing a thread is enough to show it, and
// keeps the number of schedules finite.
bool can_wake_for_nothing(const Thread& thread) {
  return thread.alive && thread.next.may_be_spurious && !thread.notified && thread.spurious_wakes == 0 &&
         object_at(thread.next.second).owner < 0;
}

// The alternatives at this point, the default first. `me` is the thread that reached it.
struct Options {
  std::size_t count = 0;
  std::size_t runnable = 0;
  bool could_go_on = false;
};

void add(Options& options, const Thread& thread, Act act) { scratch[options.count++] = {thread.id, act}; }

bool ready[max_threads];

Options gather(const Thread& me) {
  Options options;
  const std::uint32_t count = state.thread_count;
  for (std::uint32_t i = 0; i < count; ++i) ready[i] = is_ready(threads[i]);
  const auto exits = [](const Thread& thread) { return thread.next.operation == Operation::exit; };
  const bool can = ready[me.id];
  options.could_go_on = can && !me.next.yields && !exits(me);
  // "The running thread goes on; where it cannot, the lowest that can." One that yields lets the next in turn go
  // first, not the lowest: two that spin must not hand the turn to each other for ever.
  if (options.could_go_on) add(options, me, Act::run);
  const std::uint32_t begin = can && me.next.yields ? me.id + 1u : 0u;
  bool any_exits = false;
  for (std::uint32_t k = 0, i = begin % count; k < count; ++k, i = i + 1 == count ? 0 : i + 1) {
    if (!ready[i]) continue;
    if (exits(threads[i])) {
      any_exits = true;
    } else if (i != me.id) {
      add(options, threads[i], Act::run);
    }
  }
  if (can && !options.could_go_on && !exits(me)) add(options, me, Act::run);
  // The end of the process, which cuts the others off, comes after all that still can run.
  for (std::uint32_t i = 0; any_exits && i < count; ++i)
    if (ready[i] && exits(threads[i])) add(options, threads[i], Act::run);
  options.runnable = options.count;

  if (options.count == 0 || state.plan->time_outs) {
    const std::size_t first = options.count;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (ready[i] || !can_time_out(threads[i])) continue;
      std::size_t at = options.count++;
      for (; at > first && threads[scratch[at - 1].thread].next.deadline > threads[i].next.deadline; --at)
        scratch[at] = scratch[at - 1];
      scratch[at] = {static_cast<std::uint16_t>(i), Act::time_out};
    }
  }
  if (options.count > 0 && state.plan->spurious) {
    for (std::uint32_t i = 0; i < count; ++i)
      if (can_wake_for_nothing(threads[i])) add(options, threads[i], Act::spurious);
  }
  return options;
}

// All that decides how the run goes on from here: what happened, who is running and what it is about to do, and what
// the scheduler knows of the others that is not an event: whether they have begun, their time limits, that they insist.
std::uint64_t state_hash(const Thread& me, const Alternative* alternatives, std::size_t count) {
  std::uint64_t hash = state.events + mix((std::uint64_t{me.id} << 8) | static_cast<std::uint64_t>(me.next.operation)) +
                       mix(state.now ^ (me.next.yields && me.alive ? 1u : 0u));
  for (std::uint32_t i = 0; i < state.thread_count; ++i) {
    const Thread& thread = threads[i];
    if (!thread.alive) continue;
    const bool begun = thread.next.operation != Operation::start;
    const std::uint64_t limit = thread.next.timed ? thread.next.deadline : 0;
    hash += mix(mix(limit) ^ (std::uint64_t{i} << 32) ^ (std::uint64_t{thread.insists} << 2) ^ (begun ? 2u : 0u) ^
                (thread.notified ? 1u : 0u));
  }
  for (std::size_t i = 0; i < count; ++i)
    hash = mix(hash ^ (std::uint64_t{alternatives[i].thread} << 8) ^ static_cast<std::uint64_t>(alternatives[i].act));
  return hash;
}

std::size_t choose(Thread& me, const Alternative* alternatives, std::size_t count, bool could_go_on) {
  if (count == 1) return 0;
  Log& log = *state.log;
  const Plan& plan = *state.plan;
  const std::uint32_t number = log.choice_count;
  const std::uint64_t hash = state_hash(me, alternatives, count);
  std::size_t taken = count;
  if (state.next_departure < plan.departure_count && plan.departures[state.next_departure].choice == number) {
    const Departure& departure = plan.departures[state.next_departure++];
    if (!plan.lenient && departure.state != 0 && (departure.state ^ hash) << 48 != 0)
      fail(&me, me.next.pc, Verdict::nondeterministic,
           "the run differs from the recorded one before choice %u: the program depends on something besides the "
           "schedule (the time, an address, a random number, its surroundings)",
           number);
    for (std::size_t i = 0; i < count; ++i)
      if (alternatives[i] == departure.alternative) taken = i;
    if (taken == count && plan.lenient) taken = 0;
    if (taken == count)
      fail(&me, me.next.pc, Verdict::nondeterministic,
           "thread %u cannot go on at choice %u, where it could in the recorded run: the program depends on something "
           "besides the schedule",
           departure.alternative.thread, number);
  } else {
    taken = take_by_tail(alternatives, count, number, me, !could_go_on && me.alive && me.next.yields);
  }
  if (taken != 0) {
    ++log.departures;
    // As strategies/bounded.cpp counts them.
    const Act act = alternatives[taken].act;
    if (act != Act::choose && (could_go_on || act != Act::run)) ++log.preemptions;
  }
  if (number >= max_choices || log.alternative_count + count > max_alternatives) {
    log.truncated = true;
    ++log.choice_count;
    return taken;
  }
  Choice& choice = log.choices[number];
  choice = {
      hash,        log.alternative_count, static_cast<std::uint16_t>(count), static_cast<std::uint16_t>(taken), me.id,
      could_go_on, me.next.operation};
  std::memcpy(log.alternatives + log.alternative_count, alternatives, count * sizeof(Alternative));
  log.alternative_count += static_cast<std::uint32_t>(count);
  ++log.choice_count;
  return taken;
}

[[noreturn]] void fail_as_deadlock(Thread& me) {
  std::uint32_t waiting = 0;
  for (std::uint32_t i = 0; i < state.thread_count; ++i)
    if (threads[i].alive) {
      ++waiting;
      describe_blocked(threads[i]);
    }
  fail_if_stopped();
  fail(me.alive ? &me : nullptr, me.alive ? me.next.pc : 0, Verdict::deadlock,
       waiting == 1 ? "the only thread left waits for something that nobody is left to do"
                    : "all %u threads that are left wait for each other",
       waiting);
}

void count_idle(Thread& me) {
  ++state.all_idle_points;
  if (++state.idle_points <= livelock_points) return;
  for (std::uint32_t i = 0; i < state.thread_count; ++i)
    if (threads[i].alive) describe_blocked(threads[i]);
  fail(&me, me.next.pc, Verdict::livelock,
       "no thread has got on for %u points: those left wait for each other without end", livelock_points);
}

void take(Thread& me, const Alternative& alternative) {
  Thread& next = threads[alternative.thread];
  next.woken = Woken::ready;
  if (alternative.act == Act::time_out) {
    next.woken = Woken::timed_out;
    if (state.now < next.next.deadline) {
      state.log->virtual_ns += next.next.deadline - state.now;
      state.now = next.next.deadline;
    }
    ++state.all_idle_points;
  } else if (alternative.act == Act::spurious) {
    next.woken = Woken::spurious;
    ++next.spurious_wakes;
  }
  if (&next != &me) {
    hand_over_accesses(me, next);
    me.insists = 0;
  } else if (me.next.yields && me.alive) {
    me.insists = insisted_yields;
  }
  tail_step(next);
  switch_fiber(me, next);
}

void schedule(Thread& me) {
  Log& log = *state.log;
  if (++log.point_count > state.plan->step_limit) {
    // Much waiting for each other and no end: a livelock in which threads do change something on the way.
    const bool idle = state.all_idle_points * 20 > log.point_count;
    fail(&me, me.next.pc, idle ? Verdict::livelock : Verdict::could_not_judge,
         idle ? "no end after %u points, most of them spent waiting for each other"
              : "no end after %u points: raise the limit with --steps if the program needs more",
         state.plan->step_limit);
  }
  const Options options = gather(me);
  if (options.count == 0) {
    if (state.live_threads == 0) end_run();
    fail_as_deadlock(me);
  }
  const std::size_t taken = choose(me, scratch, options.count, options.could_go_on);
  if (options.runnable == 0 && scratch[taken].act == Act::time_out &&
      threads[scratch[taken].thread].next.operation != Operation::sleep)
    log.ended_by_time = true;
  take(me, scratch[taken]);
}

}  // namespace

// Who holds what `blocked` waits for, and where that thread took it. Of several that share a lock, one that is stopped
// stands in the way for good, and the waiter itself comes last.
static void describe_holder(Blocked& blocked) {
  const std::int32_t owner = object_at(blocked.object).owner;
  blocked.has_holder = owner >= 0;
  blocked.holder = static_cast<std::uint16_t>(owner >= 0 ? owner : 0);
  int best = -1;
  for (std::uint32_t i = 0; i < state.thread_count; ++i) {
    const Thread& holder = threads[i];
    const HeldLock* const held = holder.alive ? held_lock(holder, blocked.object) : nullptr;
    const int rank = holder.stopped ? 2 : i != blocked.thread ? 1 : 0;
    if (held == nullptr || rank <= best) continue;
    best = rank;
    blocked.has_holder = true;
    blocked.holder = holder.id;
    blocked.taken_count = held->frame_count;
    std::memcpy(blocked.taken, held->frames, held->frame_count * sizeof *held->frames);
  }
}

void describe_blocked(Thread& thread) {
  Log& log = *state.log;
  if (log.blocked_count == max_blocked) return;
  Blocked& blocked = log.blocked[log.blocked_count++];
  blocked = {};
  blocked.thread = thread.id;
  blocked.operation = thread.next.operation;
  blocked.object = thread.next.object;
  if (thread.next.operation == Operation::wake) {
    // On a condition variable: for a notification, and after that for the mutex.
    blocked.operation = thread.notified ? Operation::lock : Operation::wait;
    if (thread.notified) blocked.object = thread.next.second;
  }
  if (thread.next.operation == Operation::join) {
    const Thread* const awaited = thread_of(thread.next.object);
    blocked.has_holder = awaited != nullptr;
    if (awaited != nullptr) blocked.holder = awaited->id;
  } else {
    describe_holder(blocked);
  }
  for (std::uint32_t i = 0; i < thread.held_count && blocked.held_count < std::size(blocked.held); ++i)
    blocked.held[blocked.held_count++] = thread.held[i].object;
  blocked.frame_count = copy_frames(thread, thread.next.pc, blocked.frames);
}

// What the thread found at this place when it last read there; null: nothing it remembers.
static Reread* find_reread(Thread& me, const Pending& pending) {
  for (std::uint32_t i = 0; i < me.reread_count; ++i)
    if (me.rereads[i].pc == pending.pc && me.rereads[i].object == pending.object) return &me.rereads[i];
  return nullptr;
}

// It is about to read: what it finds is remembered as it is now, and not as it was when it reached the point.
static void remember_read(Thread& me, const Pending& pending) {
  Reread* known = find_reread(me, pending);
  if (known == nullptr && me.reread_count < std::size(me.rereads)) known = &me.rereads[me.reread_count++];
  if (known != nullptr) *known = {pending.pc, pending.object, object_at(pending.object).last_change};
}

Woken point(Thread& me, const Pending& pending) {
  complete_write(me);
  me.next = pending;
  me.accesses_since_point = 0;
  if (pending.may_spin) {
    const Reread* const known = find_reread(me, pending);
    me.next.yields = known != nullptr && known->version == object_at(pending.object).last_change;
  }
  if (me.next.yields) {
    count_idle(me);
    if (me.insists > 0) {
      --me.insists;
      me.next.yields = false;
    }
  }
  schedule(me);
  if (pending.may_spin) remember_read(me, pending);
  return me.woken;
}

std::size_t choose_waiter(Thread& me, const Thread* const* waiters, std::size_t count) {
  if (count == 0) return 0;
  static Alternative options[max_threads];
  for (std::size_t i = 0; i < count; ++i) options[i] = {waiters[i]->id, Act::choose};
  return choose(me, options, count, true);
}

void leave_for_ever(Thread& me) {
  me.alive = false;
  --state.live_threads;
  state.idle_points = 0;
  schedule(me);
  __builtin_unreachable();
}

Thread& new_thread(Thread& maker) {
  if (state.thread_count == max_threads)
    fail(&maker, 0, Verdict::could_not_judge, "the program makes more than %zu threads in a run", max_threads);
  Thread& made = threads[state.thread_count];
  std::memset(static_cast<void*>(&made), 0, offsetof(Thread, rereads));
  made.id = static_cast<std::uint16_t>(state.thread_count);
  ++state.thread_count;
  ++state.live_threads;
  state.idle_points = 0;
  made.alive = true;
  made.next.operation = Operation::start;
  std::memset(&made.clock, 0, state.thread_count * sizeof made.clock.at[0]);
  // The new thread's entry in everybody's clock is of an earlier thread's, or of an earlier run: it begins at nothing.
  for (std::uint32_t i = 0; i + 1 < state.thread_count; ++i) threads[i].clock.at[made.id] = 0;
  if (&maker != &made) {
    join_clock(made.clock, maker.clock);
    ++maker.clock.at[maker.id];
    made.hash = mix(maker.hash ^ 0x6e6577);
  }
  made.clock.at[made.id] = 1;
  begin_tail(made);
  return made;
}

void got_nowhere(Thread& me) { count_idle(me); }

void begin_run(Thread& first) {
  begin_tail();
  enter_run(first);
}

}  // namespace lab::explorer::runtime
