// The values that cross the module's interface. Plain data: copy them freely, share none of them unguarded.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace lab {

using WallTime = std::chrono::sys_time<std::chrono::nanoseconds>;
using SteadyTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

// Names one session. Opaque bytes: an id that no manager ever issued, of whatever length or encoding, is
// simply not found.
class SessionId {
public:
  SessionId() = default;
  explicit SessionId(std::string bytes) : bytes_(std::move(bytes)) {}

  const std::string& str() const noexcept { return bytes_; }
  auto operator<=>(const SessionId&) const = default;

private:
  std::string bytes_;
};

// Counts the changes of a session's stored fields, last_activity left out. A new session has version 1;
// 0 stands for "no row".
using Version = std::uint64_t;

struct SessionData {
  SessionId session_id;
  std::string user_id;
  std::string username;
  WallTime login_time{};
  WallTime last_activity{};
  std::uint64_t access_count = 0;
  bool is_authenticated = false;
  std::map<std::string, std::string> metadata;

  bool operator==(const SessionData&) const = default;
};

// A session as the database keeps it.
struct Row {
  SessionData data;
  Version version = 0;

  bool operator==(const Row&) const = default;
};

struct Stats {
  std::uint64_t total_sessions = 0;   // ever live here: created, or read from the database
  std::uint64_t active_sessions = 0;  // live now: not yet deleted, merged away or swept
  std::uint64_t failed_cleanups = 0;  // attempts to purge a row that failed
  std::uint64_t cache_hits = 0;
  std::uint64_t cache_misses = 0;

  bool operator==(const Stats&) const = default;
};

// What one pass of run_cleanup did. tried = removed + failed; dead_lettered of the failed ones were given up.
struct CleanupReport {
  std::size_t tried = 0;
  std::size_t removed = 0;
  std::size_t failed = 0;
  std::size_t dead_lettered = 0;

  bool operator==(const CleanupReport&) const = default;
};

// The rows whose purge was given up, oldest first, and how many older ones were dropped to keep the list short.
struct DeadLetters {
  std::vector<SessionId> latest;
  std::uint64_t dropped = 0;
};

struct Settings {
  std::chrono::milliseconds cache_ttl = std::chrono::seconds(60);     // the document's
  std::chrono::milliseconds idle_timeout = std::chrono::minutes(30);  // what OWASP's cheat sheet calls low-risk
};

// The document's interval between two passes of the background worker.
inline constexpr std::chrono::milliseconds cleanup_interval_default = std::chrono::seconds(300);

// A delete that finds this many rows queued runs a pass itself.
inline constexpr std::size_t cleanup_queue_pass_at = 64;
// A row is tried in this many passes, then goes to the dead letters.
inline constexpr std::size_t cleanup_tries_max = 3;
// The dead letters kept; older ones are dropped and counted.
inline constexpr std::size_t dead_letters_max = 1024;

}  // namespace lab

template <>
struct std::hash<lab::SessionId> {
  std::size_t operator()(const lab::SessionId& id) const noexcept { return std::hash<std::string>{}(id.str()); }
};
