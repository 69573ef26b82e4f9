// A strategy decides which schedules are run, and in what order. It writes plans and reads logs; it knows neither the
// program nor how it is run.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "tools/explorer/protocol.hpp"

namespace lab::explorer {

class Strategy {
public:
  virtual ~Strategy() = default;

  // Writes the next schedule: the plan's tail, seed, changes and departures; the rest of it is not the strategy's.
  // False: there is no further one.
  virtual bool next(Plan& plan) = 0;

  // What the schedule of the last next() came to.
  virtual void learn(const Log& log) = 0;

  // The program has turned out to have more points than was known: schedules of before mean nothing any more.
  virtual void restart() = 0;
};

// What a bounded strategy counts: a schedule costs the sum of its departures' costs.
enum class Cost : std::uint8_t {
  deviations,  // each departure costs 1
  // One costs 1 where the running thread could have gone on, and nothing where it could not. A time-out or a wake-up
  // for nothing always costs 1: it interrupts what nobody would expect to be.
  preemptions,
};

// Systematic search: all schedules that cost nothing, then those that cost 1, and so on up to `bound`; each of them
// once. With `reduce`, none is run on from a state that another one of no greater cost has already run on from.
class Bounded : public Strategy {
public:
  virtual int completed() const = 0;  // everything up to this cost was run; -1: nothing yet
  virtual bool complete() const = 0;  // and no schedule costs more
};
std::unique_ptr<Bounded> bounded(Cost cost, unsigned bound, bool reduce);

// Each choice at random. For ever.
std::unique_ptr<Strategy> uniform(std::uint64_t seed);

// Partial-order sampling (Yuan, Yang and Gu, CAV 2018). For ever.
std::unique_ptr<Strategy> partial_order_sampling(std::uint64_t seed);

// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi and Nagarakatte, ASPLOS 2010): `depth` - 1 priority
// changes a run, at places drawn from the mean length of the runs so far. For ever.
std::unique_ptr<Strategy> probabilistic(std::uint64_t seed, unsigned depth);

// One and the other in turn. When the systematic search is through, sampling goes on until there were `samples` runs of
// it, unless everything has been run. Both must outlive it.
std::unique_ptr<Strategy> alternating(Bounded& systematic, Strategy& sampling, std::uint64_t samples);

}  // namespace lab::explorer
