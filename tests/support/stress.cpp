#include "tests/support/stress.hpp"

#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>

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

void stress(const Claim& claim) {
  const std::string failure = first_broken_round(claim.traits.rounds, [&claim](int round) {
    Stressed trial(round);
    return claim.run(trial);
  });
  CHECK(failure == "");
}

}  // namespace lab::test
