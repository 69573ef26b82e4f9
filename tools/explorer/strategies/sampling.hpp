// What the sampling strategies share: a plan without departures, and a seed of its own for each run.
#pragma once

#include "tools/explorer/strategies/strategy.hpp"

namespace lab::explorer {

class Sampling : public Strategy {
public:
  Sampling(Tail tail, std::uint64_t seed) : tail_(tail), seed_(seed) {}

  bool next(Plan& plan) override {
    plan.tail = tail_;
    plan.departure_count = 0;
    plan.change_count = 0;
    // Consecutive numbers are as good as any: the runtime mixes them.
    plan.seed = seed_ * 1'000'003 + run_++;
    return true;
  }
  void learn(const Log&) override {}
  void restart() override {}  // what is drawn at random means the same whatever the points are

private:
  const Tail tail_;
  const std::uint64_t seed_;
  std::uint64_t run_ = 0;
};

}  // namespace lab::explorer
