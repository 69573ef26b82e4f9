// Histories written by hand, for the tests of what judges them.
#pragma once

#include "tests/generated/history.hpp"

namespace lab::generated {

inline Operation on(Kind kind, int session = 0, int value = 0, int key = 0) {
  Operation operation;
  operation.kind = kind;
  operation.session = static_cast<std::uint8_t>(session);
  operation.key = static_cast<std::uint8_t>(key);
  operation.value = static_cast<std::int8_t>(value);
  return operation;
}

inline Operation merging(int from, int into) {
  Operation operation = on(Kind::merge, from);
  operation.into = static_cast<std::uint8_t>(into);
  return operation;
}

inline Outcome counted(std::uint32_t number) {
  Outcome outcome;
  outcome.number = number;
  return outcome;
}

inline Outcome stats(std::uint32_t total, std::uint32_t active, std::uint32_t hits, std::uint32_t misses) {
  Outcome outcome = counted(active);
  outcome.total = total;
  outcome.hits = hits;
  outcome.misses = misses;
  return outcome;
}

inline Outcome cleaned(std::uint32_t rows) {
  Outcome outcome = counted(rows);
  outcome.total = rows;
  return outcome;
}

// A session as get shows it: by the value of its key "a", its count, and when it was used.
inline Outcome session(int a, std::uint32_t count, std::chrono::nanoseconds used = {}, bool authenticated = true) {
  Outcome outcome;
  outcome.data.values[0] = static_cast<std::int8_t>(a);
  outcome.data.access_count = count;
  outcome.data.last_activity = used.count();
  outcome.data.is_authenticated = authenticated;
  return outcome;
}

// ...after another process's writes.
inline Outcome written(int w, std::uint32_t count, std::chrono::nanoseconds used = {}) {
  Outcome outcome = session(no_value, count, used);
  outcome.data.values[values_max - 1] = static_cast<std::int8_t>(w);
  return outcome;
}

inline const Outcome not_found = failed(Error::not_found);

// Events in the order in which they are called; an operation that others overlap is begun first and ended later.
class Story {
public:
  explicit Story(int sessions = 1, Age age = Age::fresh) {
    history_.sessions = sessions;
    history_.age = age;
  }

  int begins(int thread, const Operation& operation) {
    const int event = append(history_, thread, operation);
    call(history_, event);
    return event;
  }
  void ends(int event, const Outcome& outcome = {}) { end(history_, event, outcome); }
  Story& then(int thread, const Operation& operation, const Outcome& outcome = {}) {
    ends(begins(thread, operation), outcome);
    return *this;
  }

  const History& history() const { return history_; }

private:
  History history_;
};

}  // namespace lab::generated
