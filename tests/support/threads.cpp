#include "tests/support/threads.hpp"

#include <fmt/format.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "tests/support/deadlock.hpp"

namespace lab::test {
namespace {

// Relaxed on both sides, each other's partner, on purpose: the threads only see how many have arrived, and
// nothing that one wrote before becomes visible to another through it.
class UnorderedStart {
public:
  explicit UnorderedStart(std::size_t expected) : expected_(expected) {}

  void arrive_and_wait() {
    arrived_.fetch_add(1, std::memory_order_relaxed);
    while (arrived_.load(std::memory_order_relaxed) < expected_) std::this_thread::yield();
  }

private:
  const std::size_t expected_;
  std::atomic<std::size_t> arrived_{0};
};

constexpr std::chrono::milliseconds between_looks{50};

[[noreturn]] void give_up(const std::string& claim, const std::string& why) {
  fmt::print(stderr, "stuck: {} ({})\n", claim, why);
  std::fflush(nullptr);
  std::_Exit(1);
}

}  // namespace

std::chrono::milliseconds stuck_after() {
  const char* text = std::getenv("LAB_STUCK_AFTER_MS");
  const long value = text == nullptr ? 0 : std::strtol(text, nullptr, 10);
  return std::chrono::milliseconds(value > 0 ? value : 30'000);
}

void run_together(const std::string& claim, const std::vector<Body>& bodies) {
  UnorderedStart start(bodies.size());
  std::mutex mutex;
  std::condition_variable ended;
  std::size_t running = bodies.size();

  std::vector<std::thread> threads;
  threads.reserve(bodies.size());
  for (const Body& body : bodies) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      body();
      const std::lock_guard lock(mutex);
      if (--running == 0) ended.notify_one();
    });
  }
  DeadlockWatch watch;
  const auto patience = std::chrono::steady_clock::now() + stuck_after();
  for (std::unique_lock lock(mutex); !ended.wait_for(lock, between_looks, [&] { return running == 0; }); lock.lock()) {
    lock.unlock();  // who waits for this mutex is not stuck
    if (watch.deadlocked()) give_up(claim, "each thread waits, and none is left that could wake another");
    if (std::chrono::steady_clock::now() >= patience)
      give_up(claim, fmt::format("nothing came back for {} ms", stuck_after().count()));
  }
  for (std::thread& thread : threads) thread.join();
}

void run_elsewhere(const std::string& claim, const Body& body) { run_together(claim, {body}); }

}  // namespace lab::test
