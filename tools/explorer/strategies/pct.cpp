#include <algorithm>
#include <random>

#include "tools/explorer/strategies/sampling.hpp"

namespace lab::explorer {
namespace {

class Probabilistic final : public Sampling {
public:
  Probabilistic(std::uint64_t seed, unsigned depth)
      : Sampling(Tail::pct, seed),
        changes_(std::min<unsigned>(depth > 0 ? depth - 1 : 0, max_changes)),
        random_(seed) {}

  bool next(Plan& plan) override {
    Sampling::next(plan);
    // The mean, so that one run that went on for long does not spread the changes over where others have nothing.
    const std::uint64_t length = runs_ == 0 ? 20 : std::max<std::uint64_t>(1, choices_ / runs_);
    for (unsigned i = 0; i < changes_; ++i) plan.changes[i] = static_cast<std::uint32_t>(random_() % length);
    plan.change_count = changes_;
    std::sort(plan.changes, plan.changes + changes_);
    return true;
  }

  void learn(const Log& log) override {
    choices_ += log.choice_count;
    ++runs_;
  }

private:
  const unsigned changes_;
  std::mt19937_64 random_;
  std::uint64_t choices_ = 0;
  std::uint64_t runs_ = 0;
};

}  // namespace

std::unique_ptr<Strategy> probabilistic(std::uint64_t seed, unsigned depth) {
  return std::make_unique<Probabilistic>(seed, depth);
}

}  // namespace lab::explorer
