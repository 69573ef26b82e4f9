// What the runtime makes of C++20's latches, barriers, semaphores, futures and atomic waits: one claim each, in both
// directions where there are two.
#include <atomic>
#include <barrier>
#include <catch2/catch_test_macros.hpp>
#include <future>
#include <latch>
#include <semaphore>
#include <set>
#include <thread>

#include "tests/explorer/scenarios/models/verdicts.hpp"
#include "tests/explorer/scenarios/outcomes.hpp"
#include "tests/explorer/scenarios/threads.hpp"

using namespace lab::explorer;
using namespace lab::explorer::scenarios;
using Set = std::set<std::uint64_t>;

TEST_CASE("a latch opens when all have counted down, and not before", "[models]") {
  static const auto with = [](int count) {
    return [count] {
      std::latch latch(count);
      int value = 0;
      std::thread other([&] { value = 1, latch.count_down(); });
      latch.wait();
      expect(value == 1, "the other has counted down");
      other.join();
    };
  };
  CHECK(verdict(with(1)) == Verdict::passed);
  CHECK(verdict(with(2)) == Verdict::deadlock);
}

TEST_CASE("a barrier lets go when all have arrived, round after round", "[models]") {
  CHECK(verdict(
            [] {
              std::barrier<> barrier(2);
              int values[2] = {};
              const auto rounds = [&](int me) {
                for (int round = 1; round <= 2; ++round) {
                  values[me] = round;
                  barrier.arrive_and_wait();
                  expect(values[1 - me] == round, "the other is in the same round");
                  barrier.arrive_and_wait();
                }
              };
              std::thread other([&] { rounds(1); });
              rounds(0);
              other.join();
            },
            usual(1)) == Verdict::passed);
}

TEST_CASE("a counting semaphore lets in as many as it counts", "[models]") {
  static const auto with = [](int count) {
    return [count] {
      std::counting_semaphore<2> semaphore(count);
      std::atomic<int> inside = 0;
      int most = 0;
      const auto enter = [&] {
        semaphore.acquire();
        if (++inside == 2) most = 2;
        --inside;
        semaphore.release();
      };
      std::thread one(enter), two(enter);
      one.join(), two.join();
      came_to(most);
    };
  };
  CHECK(explored(with(1), systematic(1)).outcomes == Set{0});
  CHECK(explored(with(2), systematic(1)).outcomes == Set{0, 2});
}

TEST_CASE("a future gets what its promise is given, and an exception where it is broken", "[models]") {
  CHECK(verdict([] {
          std::promise<int> promise;
          std::future<int> future = promise.get_future();
          std::thread other([&] { promise.set_value(7); });
          expect(future.get() == 7, "the value arrives");
          other.join();
        }) == Verdict::passed);
  CHECK(verdict([] {
          std::future<int> future;
          {
            std::promise<int> promise;
            future = promise.get_future();
          }
          future.get();
        }) == Verdict::exception);
}

TEST_CASE("an atomic wait ends by a change and a notification, and by neither alone", "[models]") {
  static const auto with = [](bool notifies) {
    return [notifies] {
      std::atomic<int> value = 0;
      std::thread other([&] { value.wait(0); });
      value = 1;
      if (notifies) value.notify_one();
      other.join();
    };
  };
  CHECK(verdict(with(true)) == Verdict::passed);
  CHECK(verdict(with(false)) == Verdict::deadlock);
}

TEST_CASE("a jthread is asked to stop and joined", "[models]") {
  CHECK(verdict([] {
          bool stopped = false;
          {
            std::jthread worker([&](const std::stop_token& token) {
              while (!token.stop_requested()) std::this_thread::yield();
              stopped = true;
            });
          }
          expect(stopped, "it has ended");
        }) == Verdict::passed);
}
