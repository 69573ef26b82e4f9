#include "tools/explorer/strategies/strategy.hpp"

namespace lab::explorer {
namespace {

class Alternating final : public Strategy {
public:
  Alternating(Bounded& systematic, Strategy& sampling, std::uint64_t samples)
      : systematic_(systematic), sampling_(sampling), samples_wanted_(samples) {}

  bool next(Plan& plan) override {
    if (!exhausted_ && sampled_last_) {
      sampled_last_ = false;
      if (systematic_.next(plan)) return true;
      exhausted_ = true;
    }
    // Where everything has been run, there is nothing to be found by chance.
    if (exhausted_ && (systematic_.complete() || samples_ >= samples_wanted_)) return false;
    sampled_last_ = true;
    ++samples_;
    return sampling_.next(plan);
  }

  void learn(const Log& log) override {
    if (sampled_last_) {
      sampling_.learn(log);
    } else {
      systematic_.learn(log);
    }
  }

  void restart() override {
    systematic_.restart();
    sampling_.restart();
    exhausted_ = false;
  }

private:
  Bounded& systematic_;
  Strategy& sampling_;
  const std::uint64_t samples_wanted_;
  std::uint64_t samples_ = 0;
  bool sampled_last_ = true;  // so that the first run is the systematic search's: the schedule that costs nothing
  bool exhausted_ = false;
};

}  // namespace

std::unique_ptr<Strategy> alternating(Bounded& systematic, Strategy& sampling, std::uint64_t samples) {
  return std::make_unique<Alternating>(systematic, sampling, samples);
}

}  // namespace lab::explorer
