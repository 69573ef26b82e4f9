// The quick start's five steps, its monitoring and its health check, as docs/tutorial/quick-start.md shows them.
// Each marked region there is a copy of the region here; tests/docs/snippets.cpp holds them equal.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/core.h>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

// [includes]
#include "common/interface.hpp"
#include "common/memory_database.hpp"
#include "common/sqlite_database.hpp"
// [includes end]
#include "tests/support/folder.hpp"

namespace {

// [make-a-manager]
// A manager whose sessions end with the process.
lab::Result<std::shared_ptr<lab::SessionManager>> sessions_in_memory() {
  return lab::make_session_manager({std::make_shared<lab::MemoryDatabase>(), std::make_shared<lab::SystemClock>(), {}});
}
// [make-a-manager end]

// [keep-the-rows]
// A manager whose sessions are kept in a file, from one run of the process to the next.
lab::Result<std::shared_ptr<lab::SessionManager>> sessions_in(const std::filesystem::path& file) {
  auto database = lab::SqliteDatabase::open(file);
  if (!database) return lab::Unexpected(database.error());
  return lab::make_session_manager({std::move(*database), std::make_shared<lab::SystemClock>(), {}});
}
// [keep-the-rows end]

// [log-in]
// In your login handler, once you know who it is
lab::Result<lab::SessionId> handle_login(lab::SessionManager& session_mgr, const std::string& user_id,
                                         const std::string& username) {
  return session_mgr.create_session(user_id, username);
}
// [log-in end]

// [read-the-session]
enum class Response { success, unauthorized };

// In your protected route handler
Response handle_protected_route(lab::SessionManager& session_mgr, const lab::SessionId& session_id) {
  const auto session = session_mgr.get_session(session_id);
  if (!session || !session->is_authenticated) return Response::unauthorized;

  fmt::print("User: {}, Accessed: {} times\n", session->username, session->access_count);
  return Response::success;
}
// [read-the-session end]

// [health-check]
nlohmann::json health_check(lab::SessionManager& session_mgr) {
  const lab::Stats stats = session_mgr.get_stats();
  const std::uint64_t actual = session_mgr.get_active_count();
  const std::size_t queue_size = session_mgr.get_cleanup_queue_size();
  const std::uint64_t reported = stats.active_sessions;

  return {
      {"active_sessions_reported", reported},
      {"active_sessions_actual", actual},
      {"discrepancy", reported > actual ? reported - actual : actual - reported},
      {"cleanup_queue_size", queue_size},
      {"memory_leak_detected", queue_size > 1000},
  };
}
// [health-check end]

TEST_CASE("the five steps take a session from login to logout", "[docs]") {
  // [create-the-manager]
  auto made = sessions_in_memory();
  if (!made) FAIL("no session manager: " << lab::to_string(made.error()));

  // One manager for the whole server: its members may be called by any number of threads at once.
  const std::shared_ptr<lab::SessionManager> session_mgr = std::move(*made);
  // [create-the-manager end]

  const auto logged_in = handle_login(*session_mgr, "user_12345", "alice");
  REQUIRE(logged_in.has_value());
  const lab::SessionId& session_id = *logged_in;
  CHECK(session_id.str().size() == 36);

  CHECK(handle_protected_route(*session_mgr, session_id) == Response::success);
  CHECK(handle_protected_route(*session_mgr, lab::SessionId("no such session")) == Response::unauthorized);

  // [update-the-session]
  // Store user preferences
  const auto updated = session_mgr->update_session(session_id, "theme", "dark");
  if (!updated) fmt::print("not stored: {}\n", lab::to_string(updated.error()));

  // Track activity
  const auto count = session_mgr->increment_access(session_id);
  if (count) fmt::print("Access number {}\n", *count);
  // [update-the-session end]
  REQUIRE(updated.has_value());
  REQUIRE(count.has_value());
  CHECK(*count == 2);
  CHECK(session_mgr->get_session(session_id)->metadata.at("theme") == "dark");

  // [log-out]
  // Delete session on logout
  const auto deleted = session_mgr->delete_session(session_id);
  if (!deleted) fmt::print("not logged out: {}\n", lab::to_string(deleted.error()));
  // [log-out end]
  REQUIRE(deleted.has_value());
  CHECK(session_mgr->get_session(session_id).error() == lab::Error::not_found);
}

TEST_CASE("sessions in a file are there for the next manager", "[docs]") {
  const lab::test::Folder folder;
  lab::SessionId kept;
  {
    const auto before = sessions_in(folder.file());
    REQUIRE(before.has_value());
    kept = (*before)->create_session("user_12345", "alice").value();
    REQUIRE((*before)->update_session(kept, "theme", "dark").has_value());
  }
  const auto after = sessions_in(folder.file());
  REQUIRE(after.has_value());
  const auto session = (*after)->get_session(kept);
  REQUIRE(session.has_value());
  CHECK(session->username == "alice");
  CHECK(session->metadata.at("theme") == "dark");
}

TEST_CASE("the statistics of one thread add up", "[docs]") {
  const std::shared_ptr<lab::SessionManager> session_mgr = sessions_in_memory().value();
  const lab::SessionId session_id = session_mgr->create_session("user_12345", "alice").value();
  REQUIRE(session_mgr->get_session(session_id).has_value());
  REQUIRE_FALSE(session_mgr->get_session(lab::SessionId("no such session")).has_value());

  // [monitor]
  // Get session statistics
  const lab::Stats stats = session_mgr->get_stats();
  fmt::print("Total sessions: {}\n", stats.total_sessions);
  fmt::print("Active sessions: {}\n", stats.active_sessions);
  fmt::print("Cache hits: {}\n", stats.cache_hits);
  fmt::print("Cache misses: {}\n", stats.cache_misses);
  fmt::print("Failed cleanups: {}\n", stats.failed_cleanups);

  // Get actual count (in buggy/ it may not match the statistics: B5)
  const std::uint64_t actual_count = session_mgr->get_active_count();
  fmt::print("Actual sessions in store: {}\n", actual_count);
  // [monitor end]
  CHECK(stats == lab::Stats{.total_sessions = 1, .active_sessions = 1, .cache_hits = 1, .cache_misses = 1});
  CHECK(actual_count == 1);
}

TEST_CASE("the health check of an idle server finds nothing wrong", "[docs]") {
  const std::shared_ptr<lab::SessionManager> session_mgr = sessions_in_memory().value();
  REQUIRE(session_mgr->create_session("user_12345", "alice").has_value());

  const nlohmann::json health = health_check(*session_mgr);
  fmt::print("{}\n", health.dump());
  CHECK(health == nlohmann::json{{"active_sessions_reported", 1},
                                 {"active_sessions_actual", 1},
                                 {"discrepancy", 0},
                                 {"cleanup_queue_size", 0},
                                 {"memory_leak_detected", false}});
}

}  // namespace
