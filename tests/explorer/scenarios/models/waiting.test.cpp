// What the runtime makes of waits: for a notification, for time, and for who does something once: one claim each, in
// both directions where there are two.
#include <pthread.h>
#include <sched.h>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "tests/explorer/scenarios/models/verdicts.hpp"
#include "tests/explorer/scenarios/outcomes.hpp"
#include "tests/explorer/scenarios/threads.hpp"

using namespace lab::explorer;
using namespace lab::explorer::scenarios;
using Set = std::set<std::uint64_t>;

// --- condition variables ---------------------------------------------------------------------------------------------

namespace {

pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t c = PTHREAD_COND_INITIALIZER;
int waiting, order;

void wait_in_turn(int digit) {
  pthread_mutex_lock(&m);
  ++waiting;
  pthread_cond_wait(&c, &m);
  order = order * 10 + digit;
  pthread_mutex_unlock(&m);
}

// Waits until three wait, then wakes them one by one.
void wake_three() {
  for (int woken = 0; woken < 3;) {
    pthread_mutex_lock(&m);
    const bool all_wait = waiting == 3;
    if (all_wait) pthread_cond_signal(&c), ++woken;
    pthread_mutex_unlock(&m);
    if (!all_wait) sched_yield();
  }
}

}  // namespace

TEST_CASE("a notification wakes any one of those that wait", "[models]") {
  Options options = systematic(2);
  options.spurious = false;
  options.races = false;
  const Explored all = explored(
      [] {
        waiting = order = 0;
        together([] { wait_in_turn(1); }, [] { wait_in_turn(2); }, [] { wait_in_turn(3); }, wake_three);
        came_to(order);
      },
      options);
  CHECK(all.findings.completed == 2);
  CHECK(all.outcomes == Set{123, 132, 213, 231, 312, 321});
}

TEST_CASE("a wait ends for nothing, unless that is turned off", "[models]") {
  const auto scenario = [] {
    std::mutex mutex;
    std::condition_variable changed;
    bool ready = false;
    std::thread other([&] {
      std::unique_lock lock(mutex);
      if (!ready) changed.wait(lock);
      expect(ready, "who is woken finds it ready");
    });
    {
      const std::lock_guard lock(mutex);
      ready = true;
    }
    changed.notify_one();
    other.join();
  };
  CHECK(verdict(scenario) == Verdict::assertion);
  Options never = usual();
  never.spurious = false;
  CHECK(verdict(scenario, never) == Verdict::passed);
}

TEST_CASE("a time limit may pass although a notification would come, unless that is turned off", "[models]") {
  const auto scenario = [] {
    std::mutex mutex;
    std::condition_variable changed;
    bool ready = false, seen = false;
    std::thread other([&] {
      std::unique_lock lock(mutex);
      seen = changed.wait_for(lock, std::chrono::seconds(1), [&] { return ready; });
    });
    {
      const std::lock_guard lock(mutex);
      ready = true;
    }
    changed.notify_one();
    other.join();
    came_to(seen ? 1 : 0);
  };
  CHECK(explored(scenario, systematic()).outcomes == Set{0, 1});
  Options never = systematic();
  never.time_outs = false;
  CHECK(explored(scenario, never).outcomes == Set{1});
}

TEST_CASE("a wait that only its time limit ends is said to end by time", "[models]") {
  Options options = usual();
  options.spurious = false;
  const Findings findings = found(
      [] {
        std::mutex mutex;
        std::condition_variable changed;
        std::unique_lock lock(mutex);
        expect(changed.wait_for(lock, std::chrono::seconds(7)) == std::cv_status::timeout, "it times out");
      },
      options);
  CHECK(findings.verdict == Verdict::passed);
  CHECK(findings.ended_by_time);
  CHECK(findings.virtual_ns == 7'000'000'000);
}

// --- time ------------------------------------------------------------------------------------------------------------

TEST_CASE("a sleep of an hour passes an hour of virtual time", "[models]") {
  const Findings findings = found([] {
    const auto before = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(std::chrono::hours(1));
    expect(std::chrono::steady_clock::now() - before == std::chrono::hours(1), "an hour has passed");
  });
  CHECK(findings.verdict == Verdict::passed);
  CHECK(findings.virtual_ns == 3'600'000'000'000);
  CHECK_FALSE(findings.ended_by_time);
}

// --- once ------------------------------------------------------------------------------------------------------------

TEST_CASE("std::call_once calls once, and the others wait for its end", "[models]") {
  CHECK(verdict([] {
          std::once_flag flag;
          std::atomic<int> calls = 0;
          int made = 0;
          const auto need = [&] {
            std::call_once(flag, [&] { calls = calls + 1, made = 1; });
            expect(made == 1, "it is made");
          };
          std::thread one(need), two(need);
          one.join(), two.join();
          expect(calls == 1, "it is made once");
        }) == Verdict::passed);
}

namespace {
std::atomic<int> constructions;
struct Constructed {
  Constructed() : value(1) { ++constructions; }
  int value;
};
int use_static_local() {
  static Constructed constructed;
  return constructed.value;
}
}  // namespace

TEST_CASE("a static local is made once, and the others wait for it", "[models]") {
  Options options = usual();
  options.isolation = Options::Isolation::process;  // it stays made
  CHECK(verdict(
            [] {
              constructions = 0;
              together([] { expect(use_static_local() == 1, "it is made"); },
                       [] { expect(use_static_local() == 1, "it is made"); });
              expect(constructions == 1, "it is made once");
            },
            options) == Verdict::passed);
}
