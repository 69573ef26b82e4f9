// The one-thread model: what a session manager does, written down as plainly as the contract allows (C1-C11, C15).
//
// An operation is one step, at some instant between its call and its return, but for these:
//   get of a stale copy   four steps: it becomes the one that fetches; the row is read; it replaces the cached copy if
//                         it is newer; the session is served. Meanwhile others get the cached copy (C8).
//   expire_idle           one that finds the sessions, then one for each, in any order.
//   merge                 two: the rows, then the memory, which nobody looks at in between. Another process could.
//
// Where the contract leaves something open, so does the model: step() gives every way to go on.
//   - An operation reads the clock at one instant of its call and takes effect at another.
//   - If it fetches the row, the age of the copy is counted from any reading that it made by then, before it asked or
//     after, but none earlier than those of its steps before.
//   - Where it takes effect after a use that read the clock later than it did, that use goes on to count or not.
//   - Whether a sweep or a pass sees what another call ends or creates that has not returned.
//   - Which of the gets that overlap a get_stats() have been counted (C6).
//
// A session ends and its row goes in one step, although another process may find the row gone earlier, while the
// operation that ends the session is still under way. What it finds then, it finds at any time afterwards as well.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

#include "tests/generated/history.hpp"

namespace lab::generated {

struct SessionState {
  std::int64_t cache_time = 0;
  std::int64_t last_used = 0;
  Data cached;
  Data row;
  std::uint8_t live = 0;
  std::uint8_t fetching = 0;  // some get is on its way to the database
  std::uint8_t locked = 0;    // a merge has written its row
  std::uint8_t row_live = 0;
  std::uint8_t queued = 0;    // its row waits for a pass
  std::uint8_t ended_by = 0;  // the event by which its row went
  std::uint16_t unused = 0;
};

// How far an operation has got.
struct Progress {
  Data fetched;
  std::uint8_t stage = 0;      // done: all of it
  std::uint8_t reading = 0;    // of the clock: none before this one
  std::uint8_t remaining = 0;  // expire_idle: the sessions it has still to look at, a bit each
  std::uint8_t expired = 0;
  std::uint8_t counted = 0;  // get: as a hit or as a miss
  std::uint8_t found_row = 0;
  std::uint16_t unused = 0;
};
inline constexpr std::uint8_t done = 255;
inline constexpr std::uint8_t counted_hit = 1;
inline constexpr std::uint8_t counted_miss = 2;

struct State {
  std::array<SessionState, slots_max> sessions{};
  std::array<std::int64_t, steps_max + 2> times{};  // the readings of the clock, one more for each step
  std::uint32_t steps = 0;                          // so times[steps] is now
  std::uint32_t total = 0;
  std::uint32_t active = 0;
  std::uint32_t unused = 0;
  std::array<Progress, events_max> progress{};
};

class Model {
public:
  // Called with each way in which the operation can go on. `returned` is what it returns if that was its last step.
  using Way = std::function<void(const State& next, const std::optional<Outcome>& returned)>;

  // `history` must outlive the model. It is looked at for the operations and for their order, and for what get_stats
  // and run_cleanup returned, since the contract gives limits for these and no single answer.
  explicit Model(const History& history);

  State start() const;
  void step(const State& state, int event, const Way& way) const;

private:
  const History& history_;
  // How many steps of the clock had returned before an event was called.
  std::array<std::uint8_t, events_max> steps_before_{};
};

}  // namespace lab::generated
