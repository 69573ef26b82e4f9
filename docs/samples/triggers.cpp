// The quick start's three triggers. Each prints the document's line; what it asserts is true of buggy/ and fixed/
// alike, because a count that fell short is what the reader came to see.
#include <barrier>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/core.h>
#include <catch2/catch_test_macros.hpp>

#include "common/faulty_database.hpp"
#include "common/interface.hpp"
#include "common/memory_database.hpp"

namespace {

// [a-manager-as-documented]
// Over the document's database: a fetch takes 10 ms, and the purges of about half of the ids fail for ever.
std::shared_ptr<lab::SessionManager> manager_as_documented() {
  const auto database =
      std::make_shared<lab::FaultyDatabase>(std::make_shared<lab::MemoryDatabase>(), lab::document_faults());
  return lab::make_session_manager({database, std::make_shared<lab::SystemClock>(), {}}).value();
}
// [a-manager-as-documented end]

TEST_CASE("updates of ten keys leave at most ten keys", "[docs]") {
  // [lost-updates]
  const auto mgr = manager_as_documented();
  const lab::SessionId session_id = mgr->create_session("user1", "alice").value();

  // Spawn multiple threads updating the same session
  std::vector<std::thread> handles;
  for (int i = 0; i < 10; ++i) {
    handles.emplace_back([&mgr, &session_id, i] {
      for (int j = 0; j < 100; ++j) {
        (void)mgr->update_session(session_id, fmt::format("key_{}", i), fmt::format("value_{}", j));
      }
    });
  }
  for (std::thread& handle : handles) handle.join();

  // BUG: Some updates will be lost!
  const lab::SessionData session = mgr->get_session(session_id).value();
  fmt::print("Expected 10 keys, got: {}\n", session.metadata.size());
  // [lost-updates end]
  CHECK(session.metadata.size() <= 10);
  CHECK(session.access_count <= 1000);
}

TEST_CASE("updates of a thousand distinct keys leave at most a thousand", "[docs]") {
  // [lost-updates-distinct-keys]
  const auto mgr = manager_as_documented();
  const lab::SessionId session_id = mgr->create_session("user1", "alice").value();

  std::barrier start(10);  // nobody begins before everybody is there
  std::vector<std::thread> handles;
  for (int i = 0; i < 10; ++i) {
    handles.emplace_back([&mgr, &session_id, &start, i] {
      start.arrive_and_wait();
      for (int j = 0; j < 100; ++j) {
        (void)mgr->update_session(session_id, fmt::format("key_{}_{}", i, j), "value");
      }
    });
  }
  for (std::thread& handle : handles) handle.join();

  const lab::SessionData session = mgr->get_session(session_id).value();
  fmt::print("Expected 1000 keys, got: {}\n", session.metadata.size());
  // [lost-updates-distinct-keys end]
  CHECK(session.metadata.size() <= 1000);
}

TEST_CASE("a thousand increments count to at most a thousand", "[docs]") {
  // [lost-increments]
  // Multiple threads incrementing access count
  const auto mgr = manager_as_documented();
  const lab::SessionId session_id = mgr->create_session("user2", "bob").value();

  std::vector<std::thread> handles;
  for (int i = 0; i < 20; ++i) {
    handles.emplace_back([&mgr, &session_id] {
      for (int j = 0; j < 50; ++j) {
        (void)mgr->increment_access(session_id);
      }
    });
  }
  for (std::thread& handle : handles) handle.join();

  // BUG: Count will be < 1000 due to lost updates
  const lab::SessionData session = mgr->get_session(session_id).value();
  fmt::print("Expected 1000, got: {}\n", session.access_count);
  // [lost-increments end]
  CHECK(session.access_count <= 1000);
}

TEST_CASE("a thousand increments from a common start count to at most a thousand", "[docs]") {
  const auto mgr = manager_as_documented();
  const lab::SessionId session_id = mgr->create_session("user2", "bob").value();

  // [lost-increments-common-start]
  std::barrier start(20);
  std::vector<std::thread> handles;
  for (int i = 0; i < 20; ++i) {
    handles.emplace_back([&mgr, &session_id, &start] {
      start.arrive_and_wait();
      for (int j = 0; j < 50; ++j) {
        (void)mgr->increment_access(session_id);
      }
    });
  }
  for (std::thread& handle : handles) handle.join();
  // [lost-increments-common-start end]

  const lab::SessionData session = mgr->get_session(session_id).value();
  fmt::print("Expected 1000 from a common start, got: {}\n", session.access_count);
  CHECK(session.access_count <= 1000);
}

TEST_CASE("a thousand deletes leave no more than a thousand rows queued", "[docs]") {
  // [memory-leak]
  const auto mgr = manager_as_documented();

  fmt::print("Initial queue size: {}\n", mgr->get_cleanup_queue_size());

  // Create and delete 1000 sessions
  for (int i = 0; i < 1000; ++i) {
    const lab::SessionId id = mgr->create_session(fmt::format("user_{}", i), fmt::format("name_{}", i)).value();
    REQUIRE(mgr->delete_session(id).has_value());
  }

  // BUG: Queue keeps growing!
  const std::size_t queue_size = mgr->get_cleanup_queue_size();
  fmt::print("Queue size after 1000 deletes: {}\n", queue_size);
  // [memory-leak end]
  fmt::print("Given up: {}\n", mgr->dead_letters().latest.size());
  CHECK(queue_size <= 1000);
  CHECK(mgr->get_active_count() == 0);
}

}  // namespace
