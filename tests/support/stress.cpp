#include "tests/support/stress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <limits>

namespace lab::test {
namespace {

class Stressed final : public Trial {
public:
  explicit Stressed(int round) : round_(round) {}

  void together(const std::string& what, const std::vector<Body>& bodies) override { run_together(what, bodies); }
  bool explored() const override { return false; }
  int round() const override { return round_; }
  bool ended_by_time() const override { return false; }

private:
  const int round_;
};

}  // namespace

int& rounds_max() {
  static int most = std::numeric_limits<int>::max();
  return most;
}

void stress(const Claim& claim) {
  const std::string failure = first_broken_round(std::min(claim.traits.rounds, rounds_max()), [&claim](int round) {
    Stressed trial(round);
    return claim.run(trial);
  });
  if (!failure.empty()) FAIL_CHECK(failure);
  SUCCEED();
}

}  // namespace lab::test
