// What a generated program is made of: operations of the interface, steps of the clock, and another process's write.
//
// Everything here is plain data without indirection: programs and outcomes are copied out of a run of the explorer,
// compared byte for byte and hashed. Printed, an operation looks like the call that a reader would write.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "common/errors.hpp"
#include "common/values.hpp"

namespace lab::generated {

enum class Kind : std::uint8_t {
  create,
  get,
  update,
  increment,
  set_authenticated,
  remove,  // delete_session
  merge,
  expire_idle,
  run_cleanup,
  get_stats,
  get_active_count,
  step_ttl,       // the clock moves on: a cached copy from before is stale
  step_most,      // ...by two thirds of the idle time: one leaves a session alive, two don't
  step_idle,      // ...by more than the idle time
  write,          // another process changes the row
  use_elsewhere,  // ...as part of a use of the session, as update_session does there
  read_row,       // at the end only: what the database has
  queue_size,     // at the end only: get_cleanup_queue_size
};
inline constexpr std::size_t drawn_kinds = 16;  // those before read_row

// As --operations takes them.
std::string name(Kind kind);

// The clause of the contract that it is about; empty for what is no operation of the manager.
std::string clause(Kind kind);

inline constexpr int sessions_max = 3;  // that exist before the threads start
inline constexpr int creates_max = 3;   // further ones
inline constexpr int slots_max = sessions_max + creates_max;
inline constexpr int steps_max = 6;   // of the clock
inline constexpr int values_max = 4;  // the metadata keys "a", "b", "c", and "w" of the other process
inline constexpr std::int8_t no_value = -1;

struct Operation {
  Kind kind = Kind::get;
  std::uint8_t session = 0;  // create: the slot of the new one
  std::uint8_t into = 0;     // merge
  std::uint8_t key = 0;
  std::int8_t value = 0;  // set_authenticated: 0 or 1

  bool operator==(const Operation&) const = default;
};

bool is_clock_step(Kind kind);
bool is_another_process(Kind kind);
std::chrono::nanoseconds length(Kind clock_step);

// How long before the threads start the sessions were created.
enum class Age : std::uint8_t { fresh, stale, most };
std::chrono::nanoseconds length(Age age);

struct Program {
  int sessions = 1;
  Age age = Age::fresh;
  std::vector<std::vector<Operation>> threads;

  std::size_t size() const;
  bool operator==(const Program&) const = default;
};

// What of a session can be seen. Times are nanoseconds since the world began.
struct Data {
  std::int64_t last_activity = 0;
  std::uint32_t access_count = 0;
  std::uint32_t version = 0;  // only of rows; get_session does not tell it
  std::array<std::int8_t, values_max> values{no_value, no_value, no_value, no_value};
  std::uint32_t is_authenticated = 1;

  bool operator==(const Data&) const = default;
};

// What an operation returned; what does not apply is zero.
struct Outcome {
  std::int32_t error = -1;   // of lab::Error; -1: none
  std::uint32_t number = 0;  // increment: the count; expire_idle, run_cleanup (tried), the counts
  std::uint32_t total = 0;   // get_stats; run_cleanup: removed
  std::uint32_t failed = 0;
  std::uint32_t hits = 0;
  std::uint32_t misses = 0;
  Data data;  // get, read_row

  bool operator==(const Outcome&) const = default;
};

Outcome failed(Error error);

std::string text(const Operation& operation);
std::string text(const Outcome& outcome, Kind kind);
// A line a thread, each with its indentation.
std::string text(const Program& program);

}  // namespace lab::generated
