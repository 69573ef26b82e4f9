// A thread's own accesses, how many of them it makes while it holds a lock, and its stop in the midst of them.
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstring>
#include <shared_mutex>
#include <vector>

#include "tests/explorer/scenarios/outcomes.hpp"
#include "tests/explorer/scenarios/threads.hpp"
#include "tools/explorer/account/explanation.hpp"
#include "tools/explorer/account/symbols.hpp"

using namespace lab::explorer;
using namespace lab::explorer::scenarios;
using Catch::Matchers::ContainsSubstring;

namespace {

pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, n = PTHREAD_MUTEX_INITIALIZER;
pthread_rwlock_t shared = PTHREAD_RWLOCK_INITIALIZER;
pthread_cond_t c = PTHREAD_COND_INITIALIZER;
int x, y, z;
std::atomic<int> atomic;
char from[64], to[64];

Options one_run() {
  Options options;
  options.method = Method::deviations;
  options.bound = 0;
  return options;
}

// As digits: which lock, whether shared, the accesses, how many were held already, whether another was taken within.
void tell(const Hold& hold) { came_to(1, hold.lock, hold.shared, hold.accesses, hold.outer, hold.inner); }

std::set<std::uint64_t> told(void (*scenario)()) {
  const Explored result = explored(scenario, one_run());
  REQUIRE(result.findings.verdict == Verdict::passed);
  return result.outcomes;
}

std::string sentences(const std::function<void()>& scenario, const Findings& findings) {
  REQUIRE(findings.plan != nullptr);
  Plan plan = *findings.plan;
  plan.trace = true;
  const Replayed replayed = replay(scenario, plan);
  const auto symbols = Symbols::open("/proc/self/exe");
  REQUIRE(symbols.has_value());
  std::string all;
  for (const Waiting& waiting : explain(replayed.exchange->log, **symbols).waiting) all += sentence(waiting) + "\n";
  return all;
}

}  // namespace

TEST_CASE("a thread's accesses are its own", "[holds]") {
  const auto scenario = [] {
    together(
        [] {
          const std::uint64_t begin = accesses();
          x = 1;                             // 1
          atomic = 2;                        // 1
          y = x;                             // 2
          std::memcpy(to, from, sizeof to);  // 2
          came_to(accesses() - begin);
        },
        [] {
          atomic = 3;
          z = 1;
          atomic = 4;
        });
  };
  // Whatever the other does in between: the atomic is a point.
  const Explored result = explored(scenario, exhaustively(false));
  CHECK(result.findings.verdict == Verdict::passed);
  CHECK(result.findings.runs > 2);
  CHECK(result.outcomes == std::set<std::uint64_t>{6});
}

TEST_CASE("holds are noted in the order of taking, with what happened in each", "[holds]") {
  CHECK(told([] {
          pthread_mutex_lock(&n);  // before it began: not noted, but held
          note_holds();
          pthread_mutex_lock(&m);
          x = 1, x = 2, x = 3;
          pthread_rwlock_rdlock(&shared);
          y = 1;
          pthread_rwlock_unlock(&shared);
          pthread_mutex_unlock(&m);
          x = 5;
          pthread_mutex_unlock(&n);
          pthread_rwlock_wrlock(&shared);
          pthread_rwlock_unlock(&shared);
          const std::vector<Hold> holds = noted_holds();
          expect(holds.size() == 3, "three are noted");
          for (const Hold& hold : holds) tell(hold);
          for (const Hold& hold : holds) expect(hold.given_back, "each was given back");
          expect(holds[0].begun == 0 && holds[1].begun == 3 && holds[2].begun == 5, "each knows when it was taken");
          expect(holds[0].address == reinterpret_cast<std::uintptr_t>(&m), "the first is m's");
        }) == std::set<std::uint64_t>{100411, 111120, 110000});
}

TEST_CASE("a wait ends a hold and begins another; what is still held has no length", "[holds]") {
  CHECK(told([] {
          together(
              [] {
                note_holds();
                pthread_mutex_lock(&m);
                x = 0;
                while (x == 0) pthread_cond_wait(&c, &m);  // reads x once before, and once after
                x = 2, x = 3;
                const std::vector<Hold> holds = noted_holds();
                expect(holds.size() == 2, "two are noted");
                expect(holds[0].given_back && !holds[1].given_back, "the second is still held");
                expect(holds[0].lock == holds[1].lock, "of one lock");
                came_to(holds[0].accesses, holds[1].accesses);
                pthread_mutex_unlock(&m);
                came_to(noted_holds()[1].accesses > 3);
              },
              [] {
                pthread_mutex_lock(&m);
                x = 1;
                pthread_cond_signal(&c);
                pthread_mutex_unlock(&m);
              });
        }) == std::set<std::uint64_t>{20, 1});
}

TEST_CASE("a hold knows where it was taken", "[holds]") {
  const auto symbols = Symbols::open("/proc/self/exe");
  REQUIRE(symbols.has_value());
  const auto scenario = [] {
    note_holds();
    pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
    const std::uint64_t at = noted_holds()[0].frames[0];
    unseen([&] { outcomes().add(at); });
  };
  const Explored result = explored(scenario, one_run());
  REQUIRE(result.outcomes.size() == 1);
  const std::uint64_t place[] = {*result.outcomes.begin()};
  CHECK(location((*symbols)->place_of(place).value_or(Place{})).starts_with("holds.test.cpp:"));
}

TEST_CASE("4,096 holds are noted, and one more cannot be judged", "[holds]") {
  static int times;
  const auto scenario = [] {
    note_holds();
    for (int i = 0; i < times; ++i) pthread_mutex_lock(&m), pthread_mutex_unlock(&m);
    expect(noted_holds().size() == 4096, "all are noted");
  };
  times = 4096;
  CHECK(explore(scenario, one_run()).verdict == Verdict::passed);
  times = 4097;
  const Findings findings = explore(scenario, one_run());
  CHECK(findings.verdict == Verdict::could_not_judge);
  CHECK(findings.message == "thread 0 takes more than 4096 locks while its holds are noted");
}

namespace {

int hold_number, access_number;
bool needs_lock;

// The first thread stops where it is told to; the other works, and lets it go.
void stop_and_work() {
  x = y = z = 0;
  together(
      [] {
        stop_in_hold(static_cast<std::size_t>(hold_number), static_cast<std::uint64_t>(access_number));
        pthread_mutex_lock(&n);
        z = 1;
        pthread_mutex_unlock(&n);
        pthread_mutex_lock(&m);
        x = 1;
        x = 2;
        x = 3;
        pthread_mutex_unlock(&m);
        y = 1;
      },
      [] {
        if (!stopped()) return;
        came_to(1, reinterpret_cast<std::atomic<int>&>(x).load(), reinterpret_cast<std::atomic<int>&>(y).load());
        if (needs_lock) pthread_mutex_lock(&m);
        if (needs_lock) pthread_mutex_unlock(&m);
        let_go();
        expect(!stopped(), "it was let go");
      });
  expect(x == 3 && y == 1, "the first thread got to its end");
}

}  // namespace

TEST_CASE("a thread stops right before the access that was named, in the hold that was named", "[holds]") {
  needs_lock = false;
  hold_number = 1;
  Options options = one_run();
  options.races = false;  // the other thread looks
  for (access_number = 0; access_number <= 4; ++access_number) {
    const Explored result = explored(stop_and_work, options);
    CHECK(result.findings.verdict == Verdict::passed);
    // Right before the first of three, which is the zeroth as well; the hold has no fourth.
    const std::set<std::uint64_t> seen{static_cast<std::uint64_t>(100 + 10 * (std::max(access_number, 1) - 1))};
    CHECK(result.outcomes == (access_number == 4 ? std::set<std::uint64_t>{} : seen));
  }
  hold_number = 2;
  access_number = 1;
  CHECK(explored(stop_and_work, options).outcomes.empty());
}

TEST_CASE("under every schedule a thread that is stopped is let go", "[holds]") {
  needs_lock = false;
  hold_number = access_number = 1;
  for (const bool reduce : {false, true}) {
    Options options = exhaustively(reduce);
    options.races = false;
    const Explored result = explored(stop_and_work, options);
    // Where the other looks too early, nobody lets it go.
    CHECK(result.findings.verdict == Verdict::deadlock);
    CHECK(result.findings.message == "the test has stopped thread 1, and nobody is left to let it go");
    CHECK(result.findings.deviations == 1);
  }
  static const auto stopping = [] {
    stop_in_hold(0, 1);
    atomic = 1;
    pthread_mutex_lock(&m);
    x = 1;
    pthread_mutex_unlock(&m);
  };
  const auto waits = [] {
    together([] { stopping(); },
             [] {
               while (!stopped()) continue;
               let_go();
             });
  };
  // Let go before it came to that, it does not stop; before it was asked, it does.
  const auto asked = [] {
    atomic = 0;
    together([] { stopping(); },
             [] {
               while (atomic == 0) continue;
               let_go();
             });
  };
  for (const bool reduce : {false, true}) {
    const Findings after = explore(waits, exhaustively(reduce, Method::deviations, 3));
    CHECK(after.verdict == Verdict::passed);
    CHECK(after.message == "");
    const Findings any = explore(asked, exhaustively(reduce, Method::deviations, 3));
    CHECK(any.verdict == Verdict::passed);
    CHECK(any.message == "");
  }
}

TEST_CASE("who needs the lock of a thread that is stopped waits for it, and the account says where it was taken",
          "[holds]") {
  needs_lock = true;
  hold_number = 1;
  for (access_number = 1; access_number <= 3; ++access_number) {
    const Findings findings = explore(stop_and_work, one_run());
    CHECK(findings.verdict == Verdict::deadlock);
    CHECK(findings.message == "thread 2 waits for a lock that thread 1 holds, which the test has stopped");
    const std::string account = sentences(stop_and_work, findings);
    CHECK_THAT(account, ContainsSubstring("main waits for thread 1 to end, at "));
    CHECK_THAT(account, ContainsSubstring("thread 1 is stopped by the test, at holds.test.cpp:"));
    CHECK_THAT(account, ContainsSubstring("; it holds m\n"));
    CHECK_THAT(account, ContainsSubstring("thread 2 waits at holds.test.cpp:"));
    CHECK_THAT(account, ContainsSubstring(" for m, which thread 1 took at holds.test.cpp:"));
  }
  hold_number = 0;  // in another lock's
  access_number = 1;
  CHECK(explore(stop_and_work, one_run()).verdict == Verdict::passed);
}

TEST_CASE("no time-out and no chance wakes a thread that is stopped", "[holds]") {
  const auto scenario = [] {
    together(
        [] {
          stop_in_hold(0, 1);
          pthread_mutex_lock(&m);
          x = 1;
          pthread_mutex_unlock(&m);
        },
        [] {
          timespec limit;
          clock_gettime(CLOCK_REALTIME, &limit);
          limit.tv_sec += 1;
          const bool gets_it = pthread_mutex_timedlock(&m, &limit) == 0;
          came_to(gets_it);
          if (gets_it) pthread_mutex_unlock(&m);
          let_go();
        });
  };
  Options options = one_run();
  const Explored result = explored(scenario, options);
  CHECK(result.findings.verdict == Verdict::passed);
  CHECK(result.outcomes == std::set<std::uint64_t>{0});
  CHECK(result.findings.ended_by_time);
}

TEST_CASE("of several that share a lock, the one that is stopped stands in the way", "[holds]") {
  const auto scenario = [] {
    together(
        [] {
          pthread_rwlock_rdlock(&shared);
          while (!stopped()) continue;
          pthread_rwlock_unlock(&shared);
        },
        [] {
          stop_in_hold(0, 1);
          pthread_rwlock_rdlock(&shared);
          x = y;
          pthread_rwlock_unlock(&shared);
        },
        [] {
          while (!stopped()) continue;
          pthread_rwlock_rdlock(&shared);  // readers get on...
          pthread_rwlock_unlock(&shared);
          pthread_rwlock_wrlock(&shared);  // ...and writers don't
          pthread_rwlock_unlock(&shared);
          let_go();
        });
  };
  const Findings findings = explore(scenario, one_run());
  CHECK(findings.verdict == Verdict::deadlock);
  CHECK(findings.message == "thread 3 waits for a lock that thread 2 holds, which the test has stopped");
  CHECK_THAT(sentences(scenario, findings), ContainsSubstring(" for shared, which thread 2 took at holds.test.cpp:"));
}

// In one process and in fresh ones, whose memory is not put back.
TEST_CASE("stops and holds are the same in each run", "[holds]") {
  needs_lock = false;
  hold_number = 1;
  access_number = 2;
  Options options = exhaustively(true, Method::deviations, 1);
  options.races = false;
  for (const auto isolation : {Options::Isolation::none, Options::Isolation::process}) {
    options.isolation = isolation;
    const Explored result = explored(stop_and_work, options);
    CHECK(result.findings.verdict == Verdict::deadlock);
    CHECK(result.findings.runs == 3);
    CHECK(result.outcomes == std::set<std::uint64_t>{110});
  }
}
