// What a run of a program did: each operation's call and return in the one order in which they happened.
//
// One thread runs at a time under the explorer, so the numbers of calls and returns are exact: an operation that
// returned before another was called has the smaller number.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>

#include "tests/generated/operation.hpp"

namespace lab::generated {

inline constexpr int threads_max = 3;
inline constexpr int per_thread_max = 4;
// Those of the threads, and the questions at the end: a row and a session each, and the three counts.
inline constexpr int events_max = threads_max * per_thread_max + 2 * sessions_max + 3;
inline constexpr int main_thread = threads_max;  // asks the questions at the end

struct Event {
  Operation operation;
  std::uint8_t thread = 0;
  bool returned = false;
  std::uint16_t call = 0;
  std::uint16_t end = 0;
  Outcome outcome;
};

// The events of one thread follow each other in the order of the program.
struct History {
  int sessions = 1;
  Age age = Age::fresh;
  int size = 0;
  int clock = 0;  // calls and returns so far
  Event events[events_max];
};
static_assert(std::is_trivially_copyable_v<History>);

// What is asked at the end besides the sessions, their number and the queue.
struct AtTheEnd {
  // The counts of hits and misses. They are left out where a search is after something else: on an implementation whose
  // counts drift it would find nothing but that.
  bool stats = true;
  // What the database has.
  bool rows = true;
};

// What a program's history is before it has begun: all events in place, none called. After those of the threads come
// the questions that the main thread asks when they have ended.
History begin(const Program& program, const AtTheEnd& questions);

// Adds an event, not called yet, and returns its index.
int append(History& history, int thread, const Operation& operation);
void call(History& history, int event);
void end(History& history, int event, const Outcome& outcome);

// Whether it is what a run leaves that has ended: each event of `begun` called and returned, in an order that the
// program allows, and no other. Of anything that the code under test may have written over.
bool is_whole(const History& history, const History& begun);

// The same history gets the same number, and others get others but for a chance of 2^-64.
std::uint64_t number_of(const History& history);

// One lane a thread, from the first call to the last return.
std::string lanes(const History& history);

}  // namespace lab::generated
