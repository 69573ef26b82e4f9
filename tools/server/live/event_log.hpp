// What happened in the present run, in order, for any number of readers who each wait for the next.
//
// A reader who comes late, or comes back, gets what it has not seen: the whole run, or the rest of it. The log forgets
// a run when the next one begins, and its writer bounds a run's length.
//
// Thread safety: every member may be called by any number of threads at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/mutex.hpp"

namespace lab::live {

// An event has a number greater than that of each one before it, also across runs. 0 is before all.
using EventNumber = std::uint64_t;

struct Event {
  EventNumber number = 0;
  std::string kind;  // one word
  std::string data;  // one line
};

class EventLog {
public:
  // Numbers of one log mean nothing to another: an id names its log, by a word drawn at random.
  EventLog();

  // Drops all events, and appends this one.
  void begin(std::string kind, std::string data) LAB_EXCLUDES(mutex_);
  void append(std::string kind, std::string data) LAB_EXCLUDES(mutex_);

  // The events after `seen`; waits for one for up to `patience`, and returns none if none came.
  std::vector<Event> after(EventNumber seen, std::chrono::milliseconds patience) LAB_EXCLUDES(mutex_);

  // The word by which its ids name it; of two servers, one after the other, each has its own.
  const std::string& name() const { return name_; }

  // An event in the form of server-sent events (HTML Living Standard, section 9.2), with its id.
  std::string as_sent(const Event& event) const;

  // The number in an id of this log, else 0: for such a reader everything is new.
  EventNumber number_in(std::string_view id) const;

private:
  const std::string name_;

  Mutex mutex_;
  CondVar changed_;
  EventNumber last_ LAB_GUARDED_BY(mutex_) = 0;
  std::vector<Event> events_ LAB_GUARDED_BY(mutex_);
};

}  // namespace lab::live
