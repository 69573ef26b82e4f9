// What the runtime makes of each primitive: one claim each, in both directions where there are two.
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>

#include <atomic>
#include <barrier>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <stdexcept>
#include <thread>

#include "tests/explorer/scenarios/outcomes.hpp"
#include "tests/explorer/scenarios/threads.hpp"

using namespace lab::explorer;
using namespace lab::explorer::scenarios;
using Catch::Matchers::ContainsSubstring;
using Set = std::set<std::uint64_t>;

namespace {

// As a caller has it, but for a budget that ends a test that would go on.
Options usual(unsigned bound = 2) {
  Options options;
  options.bound = bound;
  options.runs = 5000;
  options.samples = 50;
  options.time = std::chrono::seconds(20);
  return options;
}

Findings found(const std::function<void()>& scenario, const Options& options = usual()) {
  return explored(scenario, options).findings;
}

Verdict verdict(const std::function<void()>& scenario, const Options& options = usual()) {
  const Findings findings = found(scenario, options);
  UNSCOPED_INFO(findings.message);
  return findings.verdict;
}

Options systematic(unsigned bound = 2) {
  Options options = exhaustively(true, Method::deviations, bound);
  options.runs = 20'000;
  return options;
}

}  // namespace

// --- mutexes ---------------------------------------------------------------------------------------------------

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

// --- condition variables ---------------------------------------------------------------------------------------

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

// --- time ------------------------------------------------------------------------------------------------------

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

// --- once ------------------------------------------------------------------------------------------------------

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

// --- C++20 -----------------------------------------------------------------------------------------------------

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

// --- threads ---------------------------------------------------------------------------------------------------

namespace {
std::atomic<int> destroyed;
struct Counts {
  int value = 0;
  ~Counts() { destroyed += value; }
};
thread_local Counts counts;
}  // namespace

TEST_CASE("each thread has its own thread_local, destroyed at its end", "[models]") {
  CHECK(verdict([] {
          destroyed = 0;
          const auto use = [] { expect(++counts.value == 1, "it is new"); };
          std::thread one(use), two(use);
          one.join(), two.join();
          expect(destroyed == 2, "both are destroyed by then");
        }) == Verdict::passed);
}

TEST_CASE("a key's destructor gets the thread's value at its end", "[models]") {
  CHECK(verdict([] {
          static pthread_key_t key;
          static std::atomic<int> ended;
          ended = 0;
          pthread_key_create(&key, [](void* value) { ended += *static_cast<int*>(value); });
          static int values[] = {1, 2};
          together([] { pthread_setspecific(key, &values[0]); }, [] { pthread_setspecific(key, &values[1]); });
          pthread_key_delete(key);
          expect(ended == 3, "both destructors have run");
        }) == Verdict::passed);
}

TEST_CASE("a detached thread runs to its end, before or after main's", "[models]") {
  static std::atomic<int> done;
  CHECK(explored(
            [] {
              done = 0;
              std::thread([] { done = 1; }).detach();
              came_to(done.load());
            },
            systematic())
            .outcomes == Set{0, 1});
}

TEST_CASE("pthread_exit ends one thread while the others go on", "[models]") {
  CHECK(verdict([] {
          pthread_t thread;
          static std::atomic<int> value;
          value = 0;
          pthread_create(
              &thread, nullptr,
              [](void*) -> void* {
                value = 1;
                pthread_exit(reinterpret_cast<void*>(5));
              },
              nullptr);
          void* result = nullptr;
          pthread_join(thread, &result);
          expect(value == 1 && result == reinterpret_cast<void*>(5), "it has ended with its result");
        }) == Verdict::passed);
}

// --- memory orders ---------------------------------------------------------------------------------------------

namespace {

int data;
std::atomic<int> flag;

template <std::memory_order stores, std::memory_order loads>
void publish_by_flag() {
  data = 0, flag = 0;
  together([] { data = 1, flag.store(1, stores); },
           [] {
             if (flag.load(loads) == 1) came_to(data);
           });
}

template <bool release, bool acquire>
void publish_by_fences() {
  data = 0, flag = 0;
  together(
      [] {
        data = 1;
        if (release) std::atomic_thread_fence(std::memory_order_release);
        flag.store(1, std::memory_order_relaxed);
      },
      [] {
        if (flag.load(std::memory_order_relaxed) != 1) return;
        if (acquire) std::atomic_thread_fence(std::memory_order_acquire);
        came_to(data);
      });
}

}  // namespace

TEST_CASE("release and acquire publish, relaxed on either side does not", "[models]") {
  CHECK(verdict(publish_by_flag<std::memory_order_release, std::memory_order_acquire>) == Verdict::passed);
  CHECK(verdict(publish_by_flag<std::memory_order_seq_cst, std::memory_order_seq_cst>) == Verdict::passed);
  CHECK(verdict(publish_by_flag<std::memory_order_relaxed, std::memory_order_acquire>) == Verdict::data_race);
  CHECK(verdict(publish_by_flag<std::memory_order_release, std::memory_order_relaxed>) == Verdict::data_race);
}

TEST_CASE("fences on both sides publish through relaxed atomics, on one side they do not", "[models]") {
  CHECK(verdict(publish_by_fences<true, true>) == Verdict::passed);
  CHECK(verdict(publish_by_fences<false, true>) == Verdict::data_race);
  CHECK(verdict(publish_by_fences<true, false>) == Verdict::data_race);
}

namespace {
template <typename T>
void add_twice() {
  static std::atomic<T> value;
  value = 0;
  together([] { value = static_cast<T>(value + 1); }, [] { value = static_cast<T>(value + 1); });
  came_to(value.load());
}
struct alignas(16) Pair {
  std::uint64_t low, high;
};
std::atomic<Pair> pair;
}  // namespace

// Load and store apart lose an update; that neither is torn shows in there being no third outcome.
TEST_CASE("atomics of every size are atomic, and no more than that", "[models]") {
  CHECK(explored(add_twice<std::uint8_t>, systematic()).outcomes == Set{1, 2});
  CHECK(explored(add_twice<std::uint16_t>, systematic()).outcomes == Set{1, 2});
  CHECK(explored(add_twice<std::uint32_t>, systematic()).outcomes == Set{1, 2});
  CHECK(explored(add_twice<std::uint64_t>, systematic()).outcomes == Set{1, 2});
  CHECK(explored(
            [] {
              pair = Pair{1, 1};
              together(
                  [] {
                    pair = Pair{2, 2};
                  },
                  [] {
                    pair = Pair{3, 3};
                  },
                  [] {
                    const Pair seen = pair;
                    came_to(seen.low, seen.high);
                  });
            },
            systematic())
            .outcomes == Set{11, 22, 33});
}

TEST_CASE("a race is reported for the bytes that both touch, not for neighbours", "[models]") {
  [[maybe_unused]] static char bytes[2];
  CHECK(verdict([] { together([] { bytes[0] = 1; }, [] { bytes[1] = 1; }); }) == Verdict::passed);
  CHECK(verdict([] { together([] { bytes[0] = 1; }, [] { bytes[0] = 2; }); }) == Verdict::data_race);
  Options no_races = usual();
  no_races.races = false;
  const Findings findings = found([] { together([] { bytes[0] = 1; }, [] { bytes[0] = 2; }); }, no_races);
  CHECK(findings.verdict == Verdict::passed);
  CHECK(findings.races.size() == 1);
}

// --- the heap --------------------------------------------------------------------------------------------------

namespace {
int* volatile block;
}

TEST_CASE("a block is used after its end, freed twice or overrun", "[models]") {
  CHECK(verdict([] {
          block = new int(1);
          std::thread other([] { expect(*block == 1, "it is there"); });
          delete block;
          other.join();
        }) == Verdict::use_after_free);
  CHECK(verdict([] {
          block = new int(1);
          std::thread other([] { expect(*block == 1, "it is there"); });
          other.join();
          delete block;
        }) == Verdict::passed);
  const Findings twice = found([] {
    block = static_cast<int*>(std::malloc(4));
    std::free(block);
    std::free(block);
  });
  CHECK(twice.verdict == Verdict::use_after_free);
  CHECK_THAT(twice.message, ContainsSubstring("a block of 4 bytes is freed twice"));
  const Findings over = found([] {
    block = static_cast<int*>(std::malloc(4));
    block[1] = 1;
    std::free(block);
  });
  CHECK(over.verdict == Verdict::crash);
  CHECK_THAT(over.message, ContainsSubstring("outside of any block"));
}

// --- no end ----------------------------------------------------------------------------------------------------

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

// --- how a run ends --------------------------------------------------------------------------------------------

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
