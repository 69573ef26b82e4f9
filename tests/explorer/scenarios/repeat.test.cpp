// The same again: the same search finds the same schedule, and a schedule found runs the same way for ever.
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <iterator>
#include <vector>

#include "tests/explorer/scenarios/outcomes.hpp"
#include "tests/explorer/scenarios/searches.hpp"
#include "tests/explorer/scenarios/threads.hpp"

using namespace lab::explorer;
using namespace lab::explorer::scenarios;

namespace {

std::atomic<int> x;
int p;
int* block;
pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, n = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t c = PTHREAD_COND_INITIALIZER;

struct Failing {
  const char* name;
  void (*run)();
  Verdict verdict;
};

const Failing failing[] = {
    {"a lost update",
     [] {
       x = 0;
       const auto increment = [] {
         const int before = x;
         x = before + 1;
       };
       together(increment, increment);
       expect(x == 2, "two increments count two");
     },
     Verdict::assertion},
    {"a deadlock",
     [] {
       together(
           [] { pthread_mutex_lock(&m), pthread_mutex_lock(&n), pthread_mutex_unlock(&n), pthread_mutex_unlock(&m); },
           [] { pthread_mutex_lock(&n), pthread_mutex_lock(&m), pthread_mutex_unlock(&m), pthread_mutex_unlock(&n); });
     },
     Verdict::deadlock},
    {"a race",
     [] {
       p = 0;
       together([] { ++p; }, [] { ++p; });
     },
     Verdict::data_race},
    {"a block freed too early",
     [] {
       block = static_cast<int*>(std::malloc(sizeof(int)));
       *block = 0;
       together([] { std::free(block); }, [] { x = *block; });
     },
     Verdict::use_after_free},
    {"a missed notification",
     [] {
       together(
           [] {
             pthread_mutex_lock(&m);
             pthread_cond_wait(&c, &m);
             pthread_mutex_unlock(&m);
           },
           [] { pthread_cond_signal(&c); });
     },
     Verdict::deadlock},
};

constexpr int hundred = 100;

bool same_schedule(const std::vector<Departure>& a, const std::vector<Departure>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Departure& one, const Departure& other) {
    return one.choice == other.choice && one.alternative == other.alternative && one.state == other.state;
  });
}

std::vector<Departure> schedule(const Findings& findings) {
  if (findings.plan == nullptr) return {};
  return {findings.plan->departures, findings.plan->departures + findings.plan->departure_count};
}

}  // namespace

// A hundred searches in one process, and some in processes of their own.
TEST_CASE("a failure is found a hundred times by the same schedule", "[repeat]") {
  for (const Failing& one : failing) DYNAMIC_SECTION(one.name) {
      const Findings first = explore(one.run);
      REQUIRE(first.verdict == one.verdict);
      REQUIRE(first.plan != nullptr);
      for (int round = 0; round < (thorough() ? 10 : 1); ++round) {
        int same = 0;
        for (const Searched& again : searched(one.run, std::vector<Options>(hundred)))
          same += again.verdict == first.verdict && again.runs == first.runs && again.state == first.state &&
                  same_schedule(again.schedule, schedule(first));
        CHECK(same == hundred);
        for (int i = 0; i < 3; ++i) {
          const Findings again = explore(one.run);
          CHECK(again.verdict == first.verdict);
          CHECK(again.runs == first.runs);
          CHECK(again.state == first.state);
          CHECK(same_schedule(schedule(again), schedule(first)));
        }
      }
    }
}

// A process of its own for each: a hundred over all scenarios, or a thousand for each.
TEST_CASE("a schedule is replayed a hundred times to the same state", "[repeat]") {
  const int times = thorough() ? 1000 : hundred / static_cast<int>(std::size(failing));
  for (const Failing& one : failing) DYNAMIC_SECTION(one.name) {
      const Findings findings = explore(one.run);
      REQUIRE(findings.plan != nullptr);
      const Replayed first = replay(one.run, *findings.plan);
      CHECK(first.exchange->log.state == findings.state);
      int same = 0;
      for (int i = 0; i < times; ++i) {
        const Replayed again = replay(one.run, *findings.plan);
        const Log& log = again.exchange->log;
        same += log.state == findings.state && log.verdict == first.exchange->log.verdict &&
                log.point_count == first.exchange->log.point_count &&
                log.choice_count == first.exchange->log.choice_count;
      }
      CHECK(same == times);
    }
}

TEST_CASE("runs in one process and in fresh ones agree", "[repeat]") {
  for (const Failing& one : failing) DYNAMIC_SECTION(one.name) {
      Options options;
      const Findings automatic = explore(one.run, options);
      options.isolation = Options::Isolation::process;
      const Findings process = explore(one.run, options);
      CHECK(automatic.verdict == process.verdict);
      CHECK(automatic.runs == process.runs);
      CHECK(automatic.runs_until_found == process.runs_until_found);
      CHECK(automatic.deviations == process.deviations);
      CHECK(automatic.state == process.state);
      CHECK(same_schedule(schedule(automatic), schedule(process)));
    }
}

TEST_CASE("a correct scenario takes the same number of runs in one process and in fresh ones", "[repeat]") {
  const auto scenario = [] {
    x = 0;
    together([] { ++x, ++x; }, [] { ++x, ++x; });
    expect(x == 4, "all count");
  };
  Options options = exhaustively(false);
  const Findings automatic = explore(scenario, options);
  options.isolation = Options::Isolation::process;
  const Findings process = explore(scenario, options);
  CHECK(automatic.complete);
  CHECK(process.complete);
  CHECK(automatic.runs == 35);
  CHECK(process.runs == 35);
}
