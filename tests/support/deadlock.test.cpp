#include "tests/support/deadlock.hpp"

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <functional>
#include <latch>
#include <mutex>
#include <string>
#include <thread>

using namespace lab::test;
using namespace std::chrono_literals;

namespace {

void needs_a_system_that_tells() {
  std::string word;
  if (!(std::ifstream("/proc/self/syscall") >> word)) SKIP("this system does not tell what threads wait for");
}

// Looks until the watch says yes. The test's own limit ends one that never does.
void await_deadlock(DeadlockWatch& watch) {
  while (!watch.deadlocked()) std::this_thread::sleep_for(1ms);
}

// Whether any of many looks, made while `body` does on another thread what it does until the latch is open, says yes.
bool is_called_deadlock(const std::function<void(std::latch& end)>& body) {
  std::latch begun{1};
  std::latch end{1};
  std::thread thread([&] {
    begun.count_down();
    body(end);
  });
  begun.wait();
  DeadlockWatch watch;
  bool called = false;
  for (int look = 0; look < 200 && !called; ++look) {
    called = watch.deadlocked();
    std::this_thread::sleep_for(1ms);
  }
  end.count_down();
  thread.join();
  return called;
}

}  // namespace

TEST_CASE("threads that only the caller could wake are a deadlock, whatever each waits for", "[support]") {
  needs_a_system_that_tells();
  std::mutex mutex;
  std::condition_variable wake;
  bool told = false;
  std::mutex held;
  std::latch closed{1};
  std::unique_lock hold(held);
  std::thread for_condition([&] {
    std::unique_lock lock(mutex);
    wake.wait(lock, [&] { return told; });
  });
  std::thread for_mutex([&] { const std::lock_guard lock(held); });
  std::thread for_latch([&] { closed.wait(); });
  std::thread for_thread([&] { for_latch.join(); });
  DeadlockWatch watch;
  await_deadlock(watch);
  CHECK(watch.deadlocked());
  hold.unlock();
  {
    const std::lock_guard lock(mutex);
    told = true;
  }
  wake.notify_one();
  closed.count_down();
  for (std::thread* thread : {&for_condition, &for_mutex, &for_thread}) thread->join();
}

TEST_CASE("one look is no proof, and a thread that has run since the last one is none", "[support]") {
  needs_a_system_that_tells();
  std::mutex mutex;
  std::condition_variable wake;
  bool told = false;
  std::thread waiter([&] {
    std::unique_lock lock(mutex);
    wake.wait(lock, [&] { return told; });
  });
  DeadlockWatch watch;
  await_deadlock(watch);
  CHECK_FALSE(DeadlockWatch().deadlocked());
  // It wakes, finds nothing, and sleeps again: for another watch that is a deadlock soon, for this one not at once.
  DeadlockWatch other;
  wake.notify_one();
  await_deadlock(other);
  CHECK_FALSE(watch.deadlocked());
  CHECK(watch.deadlocked());
  {
    const std::lock_guard lock(mutex);
    told = true;
  }
  wake.notify_one();
  waiter.join();
}

TEST_CASE("a thread that runs, sleeps, waits for a time or for a file is no deadlock", "[support]") {
  CHECK_FALSE(is_called_deadlock([](std::latch& end) {
    while (!end.try_wait()) {
    }
  }));
  CHECK_FALSE(is_called_deadlock([](std::latch& end) {
    while (!end.try_wait()) std::this_thread::sleep_for(20ms);
  }));
  CHECK_FALSE(is_called_deadlock([](std::latch& end) {
    std::mutex mutex;
    std::condition_variable wake;
    std::unique_lock lock(mutex);
    while (!end.try_wait()) wake.wait_for(lock, 20ms);
  }));
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  CHECK_FALSE(is_called_deadlock([&](std::latch& end) {
    std::thread writer([&] {
      while (!end.try_wait()) std::this_thread::sleep_for(20ms);
      (void)!::write(ends[1], "x", 1);
    });
    char byte = 0;
    (void)!::read(ends[0], &byte, 1);
    writer.join();
  }));
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("a process of one thread is no deadlock", "[support]") {
  DeadlockWatch watch;
  CHECK_FALSE(watch.deadlocked());
  CHECK_FALSE(watch.deadlocked());
}
