#include "tools/explorer/runtime/tail.hpp"

namespace lab::explorer::runtime {
namespace {

// A time-out or a spurious wake-up is rare in life, and a run in which they are frequent finds little else.
constexpr std::uint64_t unusual_one_in = 16;

std::uint64_t next_low;  // pct: below all that was given so far

std::size_t uniform(const Alternative* alternatives, std::size_t count) {
  std::size_t usual = 0;
  while (usual < count && (alternatives[usual].act == Act::run || alternatives[usual].act == Act::choose)) ++usual;
  if (usual == 0 || (usual < count && next_random() % unusual_one_in == 0)) return next_random() % count;
  return next_random() % usual;
}

std::size_t highest(const Alternative* alternatives, std::size_t count) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < count; ++i) {
    if (alternatives[i].act != Act::run) break;
    if (threads[alternatives[i].thread].priority > threads[alternatives[best].thread].priority) best = i;
  }
  return best;
}

// Whether the order of two next steps can matter. POS draws anew for those that race with the step just taken (Yuan,
// Yang and Gu, Partial Order Aware Concurrency Sampling, CAV 2018).
bool conflict(const Pending& a, const Pending& b) {
  const bool same = (a.object >> 3) == (b.object >> 3) || (a.second != 0 && a.second == b.object) ||
                    (b.second != 0 && b.second == a.object);
  return same && (a.writes || b.writes);
}

}  // namespace

std::uint64_t next_random() {
  state.random += 0x9e3779b97f4a7c15u;
  return mix(state.random);
}

void begin_tail() { next_low = 1u << 20; }

void begin_tail(Thread& thread) {
  // Above everything that is ever lowered to.
  thread.priority = (next_random() >> 2) | (std::uint64_t{1} << 62);
}

std::size_t take_by_tail(const Alternative* alternatives, std::size_t count, std::uint32_t choice, const Thread& me,
                         bool yields) {
  const Plan& plan = *state.plan;
  if (plan.tail == Tail::run_on) return 0;
  const bool choosing = alternatives[0].act == Act::choose;
  // One that yields goes on only if nothing else can: it is the last of those that can run.
  if (plan.tail == Tail::uniform || choosing) {
    if (yields && !choosing) {
      std::size_t usual = 0;
      while (usual < count && alternatives[usual].act == Act::run) ++usual;
      if (usual > 1) return next_random() % (usual - 1);
    }
    return uniform(alternatives, count);
  }
  // A time-out or a spurious wake-up now and then, in the priority based ones too.
  if (alternatives[count - 1].act != Act::run && next_random() % unusual_one_in == 0) {
    const std::size_t i = next_random() % count;
    if (alternatives[i].act != Act::run) return i;
  }
  if (plan.tail == Tail::pct) {
    for (std::uint32_t i = 0; i < plan.change_count; ++i)
      if (plan.changes[i] == choice) threads[me.id].priority = --next_low;
  }
  if (yields) threads[me.id].priority = --next_low;
  return highest(alternatives, count);
}

void tail_step(Thread& taken) {
  if (state.plan->tail != Tail::pos) return;
  for (std::uint32_t i = 0; i < state.thread_count; ++i) {
    Thread& other = threads[i];
    if (other.alive && (&other == &taken || conflict(other.next, taken.next))) begin_tail(other);
  }
}

}  // namespace lab::explorer::runtime
