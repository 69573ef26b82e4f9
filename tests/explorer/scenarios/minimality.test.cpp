// What is said to be minimal is: plain enumeration, bound by bound, finds nothing that costs less.
#include <pthread.h>
#include <semaphore.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <ctime>

#include "tests/explorer/scenarios/outcomes.hpp"
#include "tests/explorer/scenarios/searches.hpp"
#include "tests/explorer/scenarios/threads.hpp"

using namespace lab::explorer;
using namespace lab::explorer::scenarios;

namespace {

std::atomic<int> x, y, z;
int p;
pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, n = PTHREAD_MUTEX_INITIALIZER, o = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t c = PTHREAD_COND_INITIALIZER;

struct Failing {
  const char* name;
  void (*run)();
  Verdict verdict;
  unsigned deviations;  // by hand, where the comment says how
  unsigned preemptions;
};

void reset() {
  x = y = z = 0;
  p = 0;
}

template <pthread_mutex_t* first, pthread_mutex_t* second>
void take_both() {
  pthread_mutex_lock(first);
  pthread_mutex_lock(second);
  pthread_mutex_unlock(second);
  pthread_mutex_unlock(first);
}

void increment() {
  const int before = x;
  x = before + 1;
}

const Failing failing[] = {
    // 1 loads, 2 runs to its end, 1 stores what it has.
    {"a lost update",
     [] {
       reset();
       together(increment, increment);
       expect(x == 2, "two increments count two");
     },
     Verdict::assertion, 1, 1},
    // The second before the first: no switch that the running thread does not ask for, since main waits.
    {"an order that need not be",
     [] {
       reset();
       together([] { x = 1; }, [] { expect(x == 1, "the first comes first"); });
     },
     Verdict::assertion, 1, 0},
    {"two mutexes in either order",
     [] {
       reset();
       together(take_both<&m, &n>, take_both<&n, &m>);
     },
     Verdict::deadlock, 1, 1},
    // The first is stopped between its locks, the third goes on instead of the second and waits for the first; then the
    // second, not the first. Where the third waits, that costs no preemption.
    {"three mutexes in a ring",
     [] {
       reset();
       together(take_both<&m, &n>, take_both<&n, &o>, take_both<&o, &m>);
     },
     Verdict::deadlock, 2, 1},
    // The second runs between the first's two operations.
    {"an answer in between",
     [] {
       reset();
       together(
           [] {
             x = 1;
             if (y == 1) expect(x != 3, "nobody answers twice");
           },
           [] {
             if (x == 1) y = 1;
             x = 3;
           });
     },
     Verdict::assertion, 1, 1},
    // To the second, back, and to it again.
    {"two values that are soon gone",
     [] {
       reset();
       together([] { x = 1, x = 2, y = 1, y = 2; },
                [] {
                  const int first = x, second = y;
                  expect(!(first == 1 && second == 1), "nobody sees both");
                });
     },
     Verdict::assertion, 3, 3},
    {"a notification before the wait",
     [] {
       reset();
       together(
           [] {
             pthread_mutex_lock(&m);
             pthread_cond_wait(&c, &m);
             pthread_mutex_unlock(&m);
           },
           [] { pthread_cond_signal(&c); });
     },
     Verdict::deadlock, 1, 0},
    // The third thread first.
    {"the last of three first",
     [] {
       reset();
       together([] { x = 1; }, [] { x = 2; }, [] { expect(x != 0, "another comes first"); });
     },
     Verdict::assertion, 1, 0},
};

// The least cost at which plain enumeration finds the failure: all bounds in turn.
unsigned least(void (*scenario)(), Method method, Verdict verdict) {
  std::vector<Options> searches;
  for (unsigned bound = 0; bound <= 4; ++bound) searches.push_back(exhaustively(false, method, bound));
  const std::vector<Searched> results = searched(scenario, searches);
  for (unsigned bound = 0; bound <= 4; ++bound) {
    if (!results[bound].found) continue;
    CHECK(results[bound].verdict == verdict);
    return bound;
  }
  return 99;
}

}  // namespace

TEST_CASE("the fewest deviations are the fewest that plain enumeration finds", "[minimality]") {
  for (const Failing& one : failing) DYNAMIC_SECTION(one.name) {
      CHECK(least(one.run, Method::deviations, one.verdict) == one.deviations);
      const Findings findings = explore(one.run, exhaustively(true));
      CHECK(findings.verdict == one.verdict);
      CHECK(findings.minimal == Minimal::deviations);
      CHECK(findings.deviations == one.deviations);
      REQUIRE(findings.plan != nullptr);
      CHECK(findings.plan->departure_count == one.deviations);
      CHECK_FALSE(findings.exhaustive);
    }
}

TEST_CASE("the fewest preemptions are the fewest that plain enumeration finds", "[minimality]") {
  for (const Failing& one : failing) DYNAMIC_SECTION(one.name) {
      CHECK(least(one.run, Method::preemptions, one.verdict) == one.preemptions);
      const Findings findings = explore(one.run, exhaustively(true, Method::preemptions));
      CHECK(findings.verdict == one.verdict);
      CHECK(findings.minimal == Minimal::preemptions);
      CHECK(findings.preemptions == one.preemptions);
    }
}

// Half of the runs are samples, and find some of these first. With ten seeds each, whoever finds it, the same minimum
// is reached.
TEST_CASE("what sampling finds first is shortened to the same minimum", "[minimality]") {
  for (const Failing& one : failing) DYNAMIC_SECTION(one.name) {
      std::vector<Options> searches(10);
      for (std::size_t seed = 0; seed < searches.size(); ++seed) searches[seed].seed = seed + 1;
      for (const Searched& result : searched(one.run, searches)) {
        CHECK(result.verdict == one.verdict);
        CHECK(result.minimal == Minimal::deviations);
        CHECK(result.deviations == one.deviations);
      }
    }
}

// One schedule fails by three time-outs, each where the running thread waits; another by one preemption. What is
// counted as preemptions is what the bound is about, time-outs included: else the second would be called the one with
// the fewest although the first has none, and was not looked for.
TEST_CASE("a time-out counts among the preemptions that are fewest", "[minimality]") {
  static constexpr auto time_out_three_times = [] {
    int timed_out = 0;
    for (int i = 0; i < 3; ++i) {
      timespec limit;
      clock_gettime(CLOCK_REALTIME, &limit);
      limit.tv_sec += 1;
      pthread_mutex_lock(&m);
      if (pthread_cond_timedwait(&c, &m, &limit) != 0) ++timed_out;
      pthread_mutex_unlock(&m);
    }
    expect(timed_out < 3 || z != 0, "not before the other begins");
  };
  Options options = exhaustively(false, Method::preemptions);
  options.spurious = false;
  const Searched by_time = searched(
      [] {
        reset();
        together(time_out_three_times, [] { z = 1; });
      },
      {options})[0];
  CHECK(by_time.verdict == Verdict::assertion);
  CHECK(by_time.preemptions == 3);
  const Searched either = searched(
      [] {
        reset();
        together(
            time_out_three_times,
            [] {
              z = 1;
              x = 1;
              y = 1;
            },
            [] {
              if (x == 1) expect(y == 1, "both or none");
            });
      },
      {options})[0];
  CHECK(either.verdict == Verdict::assertion);
  CHECK(either.minimal == Minimal::preemptions);
  CHECK(either.preemptions == 1);
}
