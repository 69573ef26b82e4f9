#include "common/clock.hpp"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "tests/support/rounds.hpp"
#include "tests/support/threads.hpp"

using namespace lab;
using namespace lab::test;
using namespace std::chrono_literals;

namespace {

// A thread's wait, as a worker has it: a condition under a mutex.
struct Waiting {
  Mutex mutex;
  CondVar wake;
  bool told LAB_GUARDED_BY(mutex) = false;

  std::cv_status wait(Clock& clock, std::chrono::nanoseconds timeout) LAB_EXCLUDES(mutex) {
    MutexLock lock(mutex);
    std::cv_status status = std::cv_status::no_timeout;
    while (!told && status == std::cv_status::no_timeout) status = clock.wait_for(mutex, wake, timeout);
    return status;
  }
  void tell() LAB_EXCLUDES(mutex) {
    MutexLock lock(mutex);
    told = true;
    wake.notify_all();
  }
};

void await_sleepers(ManualClock& clock, std::size_t count) {
  while (clock.sleepers() != count) std::this_thread::yield();
}

}  // namespace

TEST_CASE("a manual clock stands still until it is advanced, and then moves both its times", "[common][clock]") {
  ManualClock clock;
  const Instant start = clock.now();
  CHECK(clock.now().steady == start.steady);
  clock.advance(90s);
  CHECK(clock.now().steady - start.steady == 90s);
  CHECK(clock.now().wall - start.wall == 90s);
  clock.step_wall(-1h);
  CHECK(clock.now().steady - start.steady == 90s);
  CHECK(clock.now().wall - start.wall == 90s - 1h);
}

TEST_CASE("a wait on a manual clock ends when its time has come and not before", "[common][clock]") {
  ManualClock clock;
  Waiting waiting;
  std::atomic<bool> ended{false};
  bool ended_early = true;
  std::cv_status status = std::cv_status::no_timeout;
  run_together("a wait that a clock ends", {[&] {
                                              status = waiting.wait(clock, 10s);
                                              ended = true;
                                            },
                                            [&] {
                                              await_sleepers(clock, 1);
                                              clock.advance(10s - 1ns);
                                              ended_early = ended;
                                              clock.advance(1ns);
                                            }});
  CHECK_FALSE(ended_early);
  CHECK(status == std::cv_status::timeout);
  CHECK(clock.waiters() == 0);
}

TEST_CASE("a wait on a manual clock ends when it is told, without any time", "[common][clock]") {
  ManualClock clock;
  Waiting waiting;
  std::cv_status status = std::cv_status::timeout;
  run_together("a wait that another thread ends", {[&] { status = waiting.wait(clock, 10s); },
                                                   [&] {
                                                     await_sleepers(clock, 1);
                                                     waiting.tell();
                                                   }});
  CHECK(status == std::cv_status::no_timeout);
}

TEST_CASE("a wait for no time returns at once", "[common][clock]") {
  ManualClock clock;
  Waiting waiting;
  std::cv_status status = std::cv_status::no_timeout;
  run_elsewhere("a wait for no time", [&] { status = waiting.wait(clock, 0ns); });
  CHECK(status == std::cv_status::timeout);
}

TEST_CASE("an advance wakes every waiter whose time has come, whenever it began to wait", "[common][clock]") {
  const std::string failure = first_broken_round(200, [](int) -> std::optional<std::string> {
    ManualClock clock;
    Waiting first;
    Waiting second;
    std::atomic<int> ended{0};
    const auto wait = [&](Waiting& waiting, std::chrono::nanoseconds timeout) {
      (void)waiting.wait(clock, timeout);
      ++ended;
    };
    run_together("advances beside waits", {[&] { wait(first, 3s); }, [&] { wait(second, 5s); },
                                           [&] {
                                             while (ended != 2) clock.advance(1s);
                                           }});
    if (clock.waiters() != 0) return "a waiter is still listed";
    return std::nullopt;
  });
  CHECK(failure == "");
}

TEST_CASE("the system clock's wait times out and its times advance", "[common][clock]") {
  SystemClock clock;
  Waiting waiting;
  const Instant before = clock.now();
  CHECK(waiting.wait(clock, 2ms) == std::cv_status::timeout);
  CHECK(clock.now().steady - before.steady >= 2ms);
}
