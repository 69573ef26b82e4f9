// One of the things that go wrong in production, as work that would show it and two numbers that ought to be the same.
//
// Each sign has a session manager of its own, so that one bug neither hides nor feigns another. Its numbers are taken
// while nothing runs: a difference is never one of two moments.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/server/live/load/crew.hpp"
#include "tools/server/live/load/latency.hpp"

namespace lab::load {

struct Reading {
  std::uint64_t expected = 0;
  std::uint64_t counted = 0;
};

class Sign {
public:
  Sign() = default;
  Sign(const Sign&) = delete;
  Sign& operator=(const Sign&) = delete;
  virtual ~Sign() = default;

  // A word, which the page and the documents use too.
  virtual std::string name() const = 0;

  // How many of 100 operations are its own.
  virtual unsigned share() const = 0;

  // Lets the crew perform about `operations` of them, at least a few; returns how many calls that were.
  virtual std::uint64_t perform(Crew& crew, unsigned operations) = 0;

  // Since the start, as of the last perform(). On a correct manager the two are equal. Nothing: it has times alone.
  virtual std::optional<Reading> reading() const = 0;

  // Of the calls in the last perform() whose time is of interest, if there are any.
  virtual std::optional<Latency> latency() const { return std::nullopt; }
};

std::unique_ptr<Sign> inconsistent_counters();  // "counters": increments acknowledged, and counted
std::unique_ptr<Sign> lost_user_data();         // "data": keys acknowledged, and kept
std::unique_ptr<Sign> growing_memory();         // "memory": rows queued after enough passes; times of deletes
std::unique_ptr<Sign> metric_discrepancies();   // "metrics": pairs of counts read, and those that can be true
std::unique_ptr<Sign> random_logouts();         // "logouts": sessions used in time, and found after the sweep
std::unique_ptr<Sign> revived_sessions();       // "revived": sessions reported, and sessions there
std::unique_ptr<Sign> cache_hits();             // "hits": gets that found the session, and hits counted
std::unique_ptr<Sign> independent_reads();      // "reads": times of reads beside others' writes

// All of them, the document's five warning signs first and in its order.
std::vector<std::unique_ptr<Sign>> all_signs();

}  // namespace lab::load
