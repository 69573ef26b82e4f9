// How a run ends, or does not: one claim each, in both directions where there are two.
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <mutex>
#include <thread>

#include "tests/explorer/scenarios/models/verdicts.hpp"
#include "tests/explorer/scenarios/outcomes.hpp"
#include "tests/explorer/scenarios/threads.hpp"

using namespace lab::explorer;
using namespace lab::explorer::scenarios;
using Catch::Matchers::ContainsSubstring;

// --- no end ----------------------------------------------------------------------------------------------------------

TEST_CASE("a spin for what nobody does is a livelock", "[models]") {
  CHECK(verdict([] {
          std::atomic<bool> ready = false;
          while (!ready) {
          }
        }) == Verdict::livelock);
}

// In step, each finds the other's mutex taken, gives its own back, and takes it again.
TEST_CASE("two that give way to each other for ever are a livelock", "[models]") {
  CHECK(verdict([] {
          static std::mutex a, b;
          static const auto both = [](std::mutex& mine, std::mutex& other) {
            for (;;) {
              mine.lock();
              if (other.try_lock()) break;
              mine.unlock();
            }
            other.unlock(), mine.unlock();
          };
          together([] { both(a, b); }, [] { both(b, a); });
        }) == Verdict::livelock);
  CHECK(verdict([] {
          static std::atomic<bool> stop;
          stop = false;
          const auto yield_for_ever = [] {
            while (!stop) std::this_thread::yield();
          };
          together(yield_for_ever, yield_for_ever);
        }) == Verdict::livelock);
}

namespace {
std::atomic<int> lock_word;
int data;
void section_of_spin_lock() {
  while (lock_word.exchange(1) != 0) {
  }
  ++data;
  lock_word = 0;
}
}  // namespace

// The loop writes what is there already. That gets nobody on, whatever the order that it is made with.
TEST_CASE("a spin lock made of a seq_cst exchange lets its holder go on", "[models]") {
  Options options = systematic(1);
  options.runs = 20;
  const Findings findings = found(
      [] {
        lock_word = 0, data = 0;
        together(section_of_spin_lock, section_of_spin_lock);
        expect(data == 2, "both have counted");
      },
      options);
  CHECK(findings.verdict == Verdict::passed);
  CHECK(findings.limits.empty());
  CHECK(findings.exhaustive);
}

TEST_CASE("a loop without an access to memory is a livelock", "[models]") {
  const Findings findings = found([] {
    for (;;) asm volatile("pause");
  });
  CHECK(findings.verdict == Verdict::livelock);
  CHECK_THAT(findings.message, ContainsSubstring("without any access to memory"));
}

namespace {
// A tick of the clock on the wall, as it comes to a run that takes long; no call that the explorer sees.
__attribute__((no_sanitize("thread"))) void tick_on_the_wall() {
  long result;
  asm volatile("syscall" : "=a"(result) : "a"(SYS_kill), "D"(::getpid()), "S"(SIGALRM) : "rcx", "r11", "memory");
}
}  // namespace

TEST_CASE("a run that stands still on the wall's clock cannot be judged, and a slow one can", "[models]") {
  const Findings findings = found([] {
    tick_on_the_wall();
    tick_on_the_wall();
  });
  CHECK(findings.verdict == Verdict::could_not_judge);
  CHECK_THAT(findings.message, ContainsSubstring("stands still in a call to the system"));
  CHECK(verdict([] {
          static std::atomic<int> value;
          value = 0;
          for (int i = 0; i < 5; ++i) {
            ++value;
            tick_on_the_wall();
          }
        }) == Verdict::passed);
}

TEST_CASE("a run longer than its limit cannot be judged, and says how to raise it", "[models]") {
  Options options = usual();
  options.steps = 1000;
  const auto scenario = [] {
    static std::atomic<int> value;
    value = 0;
    for (int i = 0; i < 2000; ++i) value = i;
  };
  const Findings findings = found(scenario, options);
  CHECK(findings.verdict == Verdict::could_not_judge);
  CHECK_THAT(findings.message, ContainsSubstring("--steps"));
  CHECK(verdict(scenario) == Verdict::passed);
}

// --- how a run ends --------------------------------------------------------------------------------------------------

TEST_CASE("a deadlock names each thread that waits, what for, and what it holds", "[models]") {
  static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
  const auto scenario = [] {
    together(
        [] { pthread_mutex_lock(&a), pthread_mutex_lock(&b), pthread_mutex_unlock(&b), pthread_mutex_unlock(&a); },
        [] { pthread_mutex_lock(&b), pthread_mutex_lock(&a), pthread_mutex_unlock(&a), pthread_mutex_unlock(&b); });
  };
  const Findings findings = found(scenario);
  REQUIRE(findings.verdict == Verdict::deadlock);
  CHECK_THAT(findings.message, ContainsSubstring("thread 1"));
  CHECK_THAT(findings.message, ContainsSubstring("thread 2"));
  REQUIRE(findings.plan != nullptr);
  const Replayed again = replay(scenario, *findings.plan);
  const Log& log = again.exchange->log;
  std::set<std::uint16_t> waiting_threads;
  for (std::uint32_t i = 0; i < log.blocked_count; ++i) {
    const Blocked& one = log.blocked[i];
    if (one.operation != Operation::lock) continue;
    waiting_threads.insert(one.thread);
    CHECK(one.has_holder);
    CHECK(one.holder == 3 - one.thread);
    CHECK(one.held_count == 1);
    CHECK(one.object == reinterpret_cast<std::uintptr_t>(one.thread == 1 ? &b : &a));
  }
  CHECK(waiting_threads == std::set<std::uint16_t>{1, 2});
}

TEST_CASE("a call that is not modelled cannot be judged, and is named", "[models]") {
  const Findings findings = found([] {
    std::thread other([] {});
    pthread_cancel(other.native_handle());
    other.join();
  });
  CHECK(findings.verdict == Verdict::could_not_judge);
  CHECK_THAT(findings.message, ContainsSubstring("pthread_cancel"));
}

TEST_CASE("a scenario that kills who makes its runs ends the exploration, and not the explorer", "[models]") {
  Options options;
  options.isolation = Options::Isolation::process;
  CHECK_THROWS_AS(explore([] { ::kill(::getppid(), SIGKILL); }, options), RunsEnded);
  // A run ends with its maker, but not at once. This one does not at all, and answers.
  const auto kill_and_outlive_it = [] {
    ::prctl(PR_SET_PDEATHSIG, 0);
    ::kill(::getppid(), SIGKILL);
  };
  CHECK_THROWS_AS(explore(kill_and_outlive_it, options), RunsEnded);
  CHECK_THROWS_AS(replay(kill_and_outlive_it, Plan{}), RunsEnded);
}

TEST_CASE("an exception that nobody catches is named with its type", "[models]") {
  const Findings findings = found([] { std::thread([] { throw std::out_of_range("no such seat"); }).join(); });
  CHECK(findings.verdict == Verdict::exception);
  CHECK_THAT(findings.message, ContainsSubstring("out_of_range"));
}

TEST_CASE("a null pointer's use is a crash", "[models]") {
  static int* volatile nothing = nullptr;
  const Findings findings = found([] { *nothing = 1; });
  CHECK(findings.verdict == Verdict::crash);
  CHECK_THAT(findings.message, ContainsSubstring("segmentation fault"));
}

TEST_CASE("a scenario that differs from run to run is said to be nondeterministic", "[models]") {
  // Shared with the processes of the runs, it is not put back after them.
  static auto* const runs = static_cast<std::atomic<int>*>(
      mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  static std::atomic<int> value;
  const auto scenario = [] {
    const int number = runs->fetch_add(1);
    value = 0;
    static const auto add = [](int times) {
      for (int i = 0; i < times; ++i) ++value;
    };
    static int times;
    times = 1 + number % 3;
    together([] { add(times); }, [] { add(2); });
  };
  CHECK(verdict(scenario) == Verdict::nondeterministic);
}
