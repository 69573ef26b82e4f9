// When a search ends, and what it leaves behind.
#include <pthread.h>
#include <sys/wait.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cerrno>

#include "tests/explorer/scenarios/outcomes.hpp"
#include "tests/explorer/scenarios/threads.hpp"

using namespace lab::explorer;
using namespace lab::explorer::scenarios;

namespace {

int p;
std::atomic<int> x;

void race_and_lose() {
  p = 0;
  together([] { ++p; }, [] { ++p; });
  expect(p == 2, "two increments count two");
}

void lose() {
  x = 0;
  const auto increment = [] {
    const int before = x;
    x = before + 1;
  };
  together(increment, increment);
  expect(x == 2, "two increments count two");
}

}  // namespace

TEST_CASE("the first data race ends the search where that was asked for", "[searching]") {
  Options options;
  CHECK(explore(race_and_lose, options).verdict == Verdict::assertion);
  options.first_race = true;
  const Findings findings = explore(race_and_lose, options);
  CHECK(findings.verdict == Verdict::data_race);
  CHECK(findings.runs == 1);
  CHECK(findings.runs_until_found == 1);
  CHECK(findings.deviations == 0);
  CHECK(!findings.exhaustive);
  CHECK(!findings.stopped_at_budget);
  CHECK(findings.races.size() == 2);  // its write with the other's read and write
  REQUIRE(findings.plan != nullptr);
  CHECK(replay(race_and_lose, *findings.plan).exchange->log.race_count == 2);
}

TEST_CASE("where there is no race, a search for the first one goes on", "[searching]") {
  for (const bool first_race : {false, true}) {
    Options options;
    options.first_race = first_race;
    const Findings findings = explore(lose, options);
    CHECK(findings.verdict == Verdict::assertion);
    CHECK(findings.deviations == 1);
  }
}

TEST_CASE("where races are no failures, the first one ends nothing", "[searching]") {
  Options options;
  options.first_race = true;
  options.races = false;
  CHECK(explore(race_and_lose, options).verdict == Verdict::assertion);
}

TEST_CASE("an exploration and a replay leave no child process behind", "[searching]") {
  const auto no_child = [] { return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD; };
  REQUIRE(no_child());
  const auto deadlock = [] {
    static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&m), pthread_mutex_lock(&m);
  };
  Options options;
  for (const auto isolation : {Options::Isolation::automatic, Options::Isolation::process, Options::Isolation::none}) {
    options.isolation = isolation;
    const Findings findings = explore(lose, options);
    CHECK(no_child());
    CHECK(explore(deadlock, options).verdict == Verdict::deadlock);
    CHECK(no_child());
    CHECK(explore([] { x = 1; }, options).verdict == Verdict::passed);
    CHECK(no_child());
    REQUIRE(findings.plan != nullptr);
    replay(lose, *findings.plan);
    CHECK(no_child());
  }
}
