// What is asked of a run when it has ended.
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/explorer/scenarios/outcomes.hpp"
#include "tests/explorer/scenarios/threads.hpp"

using namespace lab::explorer;
using namespace lab::explorer::scenarios;

namespace {

std::atomic<int> last;

void race_to_be_last() {
  together([] { last = 1; }, [] { last = 2; });
  outcomes().clear();
  came_to(last.load());
}

Options judged_by(std::function<std::string()> judge, Options::Isolation isolation) {
  Options options;
  options.isolation = isolation;
  options.judge = std::move(judge);
  return options;
}

const Options::Isolation isolations[] = {Options::Isolation::automatic, Options::Isolation::process};

}  // namespace

TEST_CASE("a run that a judge finds fault with fails by the judge's sentence, and its schedule is kept", "[judge]") {
  const auto judge = [] {
    return std::string(outcomes().values() == std::set<std::uint64_t>{1} ? "the first was last" : "");
  };
  for (const auto isolation : isolations) {
    const Findings findings = explore(race_to_be_last, judged_by(judge, isolation));
    CHECK(findings.verdict == Verdict::assertion);
    CHECK(findings.message == "the first was last");
    CHECK(findings.deviations == 1);
    CHECK(findings.minimal == Minimal::deviations);
    REQUIRE(findings.plan != nullptr);
    outcomes().clear();
    CHECK(replay(race_to_be_last, *findings.plan).exchange->log.verdict == Verdict::passed);
    CHECK(outcomes().values() == std::set<std::uint64_t>{1});
  }
}

TEST_CASE("a judge is asked once about each run, and about none that failed", "[judge]") {
  const auto judge = [] {
    outcomes().add(1);
    return std::string();
  };
  const auto passes = [] { together([] { last = 1; }, [] { last = 2; }); };
  outcomes().clear();
  const Findings passed = explore(passes, judged_by(judge, Options::Isolation::process));
  CHECK(passed.verdict == Verdict::passed);
  CHECK(passed.runs > 1);
  CHECK(outcomes().count() == passed.runs);

  const auto fails = [] { expect(false, "nothing holds"); };
  outcomes().clear();
  const Findings failed = explore(fails, judged_by(judge, Options::Isolation::process));
  CHECK(failed.message == "nothing holds: it does not");
  CHECK(outcomes().count() == 0);
}

TEST_CASE("what a judge allocates, and how long it takes, is no part of a run", "[judge]") {
  const auto judge = [] {
    std::vector<std::string> all;
    for (int i = 0; i < 300'000; ++i) all.emplace_back(100, 'x');
    static const auto* kept = new std::vector<std::string>(1000, "kept after the run");
    return std::string(all.size() == 300'000 && kept->size() == 1000 ? "" : "lost");
  };
  for (const auto isolation : isolations) {
    Options options = judged_by(judge, isolation);
    options.steps = 1000;
    const Findings findings = explore([] { together([] { last = 1; }, [] { last = 2; }); }, options);
    CHECK(findings.verdict == Verdict::passed);
    CHECK(findings.complete);
    CHECK(findings.limits.empty());
  }
}

TEST_CASE("a judge that says another thing of the same run has judged nothing", "[judge]") {
  const auto judge = [] {
    outcomes().add(1);
    return std::string(outcomes().count() % 2 == 0 ? "every other time" : "");
  };
  for (const auto isolation : isolations) {
    outcomes().clear();
    const Findings findings =
        explore([] { together([] { last = 1; }, [] { last = 2; }); }, judged_by(judge, isolation));
    CHECK(findings.verdict == Verdict::nondeterministic);
    CHECK(findings.plan == nullptr);
  }
}
