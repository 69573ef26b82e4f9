#include "tools/demo/samples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include "common/faulty_database.hpp"
#include "common/interface.hpp"
#include "common/memory_database.hpp"

namespace lab::demo {
namespace {

// The document's surroundings: a fetch takes 10 ms, and half the purges fail, by the id's last digit.
std::unique_ptr<SessionManager> new_manager() {
  auto database = std::make_shared<FaultyDatabase>(std::make_shared<MemoryDatabase>(), document_faults());
  return make_session_manager({std::move(database), std::make_shared<SystemClock>(), {}}).value();
}

enum class Start { one_after_the_other, together };

// Runs body(0) … body(count - 1) on a thread each. As the document starts them, the first has often ended before
// the second begins; together, all are there before any goes on.
void run_threads(int count, Start start, const std::function<void(int)>& body) {
  std::atomic<int> missing{start == Start::together ? count : 0};
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      --missing;
      while (missing > 0) std::this_thread::yield();
      body(i);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

std::int64_t keys_kept(Start start, bool distinct_keys) {
  const auto manager = new_manager();
  const SessionId id = manager->create_session("user1", "alice").value();
  run_threads(10, start, [&](int i) {
    for (int j = 0; j < 100; ++j) {
      const std::string key = distinct_keys ? fmt::format("key_{}_{}", i, j) : fmt::format("key_{}", i);
      (void)manager->update_session(id, key, fmt::format("value_{}", j));
    }
  });
  return static_cast<std::int64_t>(manager->get_session(id).value().metadata.size());
}

std::int64_t increments_kept(Start start) {
  const auto manager = new_manager();
  const SessionId id = manager->create_session("user2", "bob").value();
  run_threads(20, start, [&](int) {
    for (int j = 0; j < 50; ++j) (void)manager->increment_access(id);
  });
  return static_cast<std::int64_t>(manager->get_session(id).value().access_count);
}

std::int64_t rows_queued() {
  const auto manager = new_manager();
  for (int i = 0; i < 1000; ++i) {
    const SessionId id = manager->create_session(fmt::format("user_{}", i), fmt::format("name_{}", i)).value();
    (void)manager->delete_session(id);
  }
  return static_cast<std::int64_t>(manager->get_cleanup_queue_size());
}

std::int64_t hits_counted(Start start) {
  const auto manager = new_manager();
  const SessionId id = manager->create_session("user3", "carol").value();
  run_threads(4, start, [&](int) {
    for (int j = 0; j < 5000; ++j) (void)manager->get_session(id);
  });
  return static_cast<std::int64_t>(manager->get_stats().cache_hits);
}

// The health check's two figures, polled while sessions only end: whatever the first says, the second can only be
// the same or less. By how much it was more at worst.
std::int64_t phantoms_reported() {
  const auto manager = new_manager();
  std::vector<SessionId> ids;
  for (int i = 0; i < 60; ++i) ids.push_back(manager->create_session("user4", "dave").value());
  std::atomic<bool> ended{false};
  std::int64_t phantoms = 0;
  run_threads(2, Start::together, [&](int i) {
    if (i == 0) {
      for (const SessionId& id : ids) (void)manager->delete_session(id);
      ended = true;
      return;
    }
    while (!ended) {
      const auto actual = static_cast<std::int64_t>(manager->get_active_count());
      const auto reported = static_cast<std::int64_t>(manager->get_stats().active_sessions);
      phantoms = std::max(phantoms, reported - actual);
    }
  });
  return phantoms;
}

}  // namespace

const std::vector<Sample>& samples() {
  constexpr bool documented = true;
  static const std::vector<Sample> list = {
      {"updates_documented", "lost updates, as written", "keys", documented, false, 10,
       [] { return keys_kept(Start::one_after_the_other, false); }},
      {"updates", "lost updates, common start", "keys", false, false, 1000,
       [] { return keys_kept(Start::together, true); }},
      {"increments_documented", "lost increments, as written", "accesses", documented, false, 1000,
       [] { return increments_kept(Start::one_after_the_other); }},
      {"increments", "lost increments, common start", "accesses", false, false, 1000,
       [] { return increments_kept(Start::together); }},
      {"cleanup_documented", "cleanup queue, as written", "rows", documented, true,
       static_cast<std::int64_t>(cleanup_queue_pass_at), rows_queued},
      {"monitoring_documented", "cache hits, as written", "hits", documented, false, 20'000,
       [] { return hits_counted(Start::one_after_the_other); }},
      {"monitoring", "cache hits, common start", "hits", false, false, 20'000,
       [] { return hits_counted(Start::together); }},
      {"health_check", "health check, phantoms", "sessions", false, false, 0, phantoms_reported},
  };
  return list;
}

bool is_right(const Sample& sample, std::int64_t value) {
  return sample.at_most ? value <= sample.expected : value == sample.expected;
}

}  // namespace lab::demo
