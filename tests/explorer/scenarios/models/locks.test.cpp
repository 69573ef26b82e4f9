// What the runtime makes of locks: one claim each, in both directions where there are two.
#include <pthread.h>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <chrono>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <thread>

#include "tests/explorer/scenarios/models/verdicts.hpp"
#include "tests/explorer/scenarios/outcomes.hpp"
#include "tests/explorer/scenarios/threads.hpp"

using namespace lab::explorer;
using namespace lab::explorer::scenarios;
using Catch::Matchers::ContainsSubstring;
using Set = std::set<std::uint64_t>;

TEST_CASE("a recursive mutex is taken again by its owner, a plain one is a deadlock", "[models]") {
  CHECK(verdict([] {
          std::recursive_mutex mutex;
          int value = 0;
          const auto twice = [&] {
            const std::lock_guard outer(mutex);
            const std::lock_guard inner(mutex);
            ++value;
          };
          std::thread other(twice);
          twice();
          other.join();
          expect(value == 2, "both counted");
        }) == Verdict::passed);
  CHECK(verdict([] {
          std::mutex mutex;
          mutex.lock();
          mutex.lock();
        }) == Verdict::deadlock);
}

TEST_CASE("an error-checking mutex says who owns it", "[models]") {
  CHECK(verdict([] {
          pthread_mutexattr_t kind;
          pthread_mutexattr_init(&kind);
          pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK);
          pthread_mutex_t mutex;
          pthread_mutex_init(&mutex, &kind);
          expect(pthread_mutex_lock(&mutex) == 0, "it is free");
          expect(pthread_mutex_lock(&mutex) == EDEADLK, "the owner is told");
          std::thread([&] { expect(pthread_mutex_unlock(&mutex) == EPERM, "another thread is told"); }).join();
          expect(pthread_mutex_unlock(&mutex) == 0, "the owner gives it back");
          pthread_mutex_destroy(&mutex);
        }) == Verdict::passed);
}

TEST_CASE("a plain mutex that another thread gives back ends the run", "[models]") {
  const Findings findings = found([] {
    std::mutex mutex;
    mutex.lock();
    std::thread([&] { mutex.unlock(); }).join();
  });
  CHECK(findings.verdict == Verdict::crash);
  CHECK_THAT(findings.message, ContainsSubstring("thread 1 unlocks a mutex that it does not hold"));
}

TEST_CASE("a timed mutex is had or not, and time passes only if it is not", "[models]") {
  const auto scenario = [] {
    std::timed_mutex mutex;
    bool had = false;
    mutex.lock();
    std::thread other([&] {
      had = mutex.try_lock_for(std::chrono::seconds(1));
      if (had) mutex.unlock();
    });
    mutex.unlock();
    other.join();
    came_to(had ? 1 : 2);
  };
  CHECK(explored(scenario, systematic()).outcomes == Set{1, 2});
  Options never = systematic();
  never.time_outs = false;
  const Explored without = explored(scenario, never);
  CHECK(without.outcomes == Set{1});
  CHECK(without.findings.virtual_ns == 0);
}

TEST_CASE("two shared holders that both want the lock alone wait for each other", "[models]") {
  static const auto upgrade = [](std::shared_mutex& mutex) {
    mutex.lock_shared();
    mutex.lock();
  };
  CHECK(verdict([] {
          std::shared_mutex mutex;
          std::thread other([&] { upgrade(mutex); });
          upgrade(mutex);
          other.join();
        }) == Verdict::deadlock);
  CHECK(explored(
            [] {
              std::shared_mutex mutex;
              int readers = 0, most = 0;
              std::atomic<int> inside = 0;
              const auto read = [&] {
                const std::shared_lock lock(mutex);
                if (++inside == 2) most = 2;
                --inside;
              };
              std::thread one(read), two(read), three([&] {
                const std::unique_lock lock(mutex);
                ++readers;
                expect(inside == 0, "a writer is alone");
              });
              one.join(), two.join(), three.join();
              came_to(most);
            },
            systematic(1))
            .outcomes == Set{0, 2});
}
