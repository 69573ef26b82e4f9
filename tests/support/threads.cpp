#include "tests/support/threads.hpp"

#include <fmt/format.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

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

[[noreturn]] void give_up(const std::string& claim) {
  fmt::print(stderr, "stuck: {} (nothing came back for {} ms)\n", claim, stuck_after().count());
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
  {
    std::unique_lock lock(mutex);
    if (!ended.wait_for(lock, stuck_after(), [&] { return running == 0; })) give_up(claim);
  }
  for (std::thread& thread : threads) thread.join();
}

void run_elsewhere(const std::string& claim, const Body& body) { run_together(claim, {body}); }

std::string first_broken_round(int rounds, const std::function<std::optional<std::string>(int)>& play) {
  for (int round = 1; round <= rounds; ++round) {
    if (const auto broken = play(round)) return fmt::format("{} (round {} of {})", *broken, round, rounds);
  }
  return "";
}

void jitter(unsigned& seed, unsigned spins_max) {
  seed = seed * 1664525u + 1013904223u;  // the generator of Numerical Recipes, section 7.1; quality is no matter here
  volatile unsigned spin = (seed >> 8) % (spins_max + 1);
  while (spin > 0) {
    const unsigned left = spin;
    spin = left - 1;
  }
}

}  // namespace lab::test
