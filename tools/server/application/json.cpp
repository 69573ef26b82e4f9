#include "tools/server/application/json.hpp"

#include <chrono>

namespace lab::server {

// [session-as-json]
std::int64_t milliseconds_since_epoch(WallTime time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

nlohmann::json to_json(const SessionData& session) {
  return {
      {"session_id", session.session_id.str()},
      {"user_id", session.user_id},
      {"username", session.username},
      {"login_time", milliseconds_since_epoch(session.login_time)},
      {"last_activity", milliseconds_since_epoch(session.last_activity)},
      {"access_count", session.access_count},
      {"is_authenticated", session.is_authenticated},
      {"metadata", session.metadata},
  };
}
// [session-as-json end]

nlohmann::json to_json(const Stats& stats, std::uint64_t active_count) {
  return {
      {"total_sessions", stats.total_sessions},   {"active_sessions", stats.active_sessions},
      {"cache_hits", stats.cache_hits},           {"cache_misses", stats.cache_misses},
      {"failed_cleanups", stats.failed_cleanups}, {"active_count", active_count},
  };
}

std::uint64_t discrepancy(std::uint64_t reported, std::uint64_t actual) {
  const auto difference = static_cast<std::int64_t>(reported - actual);
  return difference < 0 ? 0 - static_cast<std::uint64_t>(difference) : static_cast<std::uint64_t>(difference);
}

nlohmann::json health_of(const Stats& stats, std::uint64_t active_count, std::size_t queue_size) {
  return {
      {"active_sessions_reported", stats.active_sessions},
      {"active_sessions_actual", active_count},
      {"discrepancy", discrepancy(stats.active_sessions, active_count)},
      {"cleanup_queue_size", queue_size},
      {"memory_leak_detected", queue_size > health_queue_max},
  };
}

std::string dump(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace lab::server
