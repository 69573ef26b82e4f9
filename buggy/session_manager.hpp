// The session manager as its document describes it. Don't use it: it loses updates, forgets log-outs and hangs.
//
// Which lock guards what
//   store_mutex_   the store, shared to read and exclusive to write; also held while a row is written
//   stats_mutex_   the counts of sessions
//   queue_mutex_   the cleanup queue
//   pass_mutex_    held during a pass, so that two passes never try one row at once
//
// Lock order: the merge mutexes of sessions, pass_mutex_, store_mutex_, and one of the other two last.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include "common/interface.hpp"
#include "common/mutex.hpp"

namespace lab {

class Manager final : public SessionManager {
public:
  Manager(Dependencies dependencies, Database::Contents contents);

  Result<SessionId> create_session(const std::string& user_id, const std::string& username) override;
  Result<SessionData> get_session(const SessionId& id) override;
  Result<void> update_session(const SessionId& id, const std::string& key, const std::string& value) override;
  Result<std::uint64_t> increment_access(const SessionId& id) override;
  Result<void> set_authenticated(const SessionId& id, bool authenticated) override;
  Result<void> delete_session(const SessionId& id) override;
  Result<void> merge_sessions(const SessionId& from, const SessionId& into) override;
  std::size_t expire_idle() override;
  CleanupReport run_cleanup() override;
  Stats get_stats() override;
  std::uint64_t get_active_count() override;
  std::size_t get_cleanup_queue_size() override;
  DeadLetters dead_letters() override;
  Clock& clock() override { return *clock_; }

private:
  // What the store knows of a session: its row, when that was last read or written, and the latest use: no step back.
  struct Cached {
    SessionData data;
    Version version = 0;
    SteadyTime cache_time{};
    SteadyTime last_used{};
    bool fetching = false;  // some caller is on its way to the database for a newer copy
    std::shared_ptr<Mutex> merge_mutex = std::make_shared<Mutex>();
  };

  // Makes sure that the store has the session, and that it is not idle by the database's copy either: another
  // process may have used it. True if this call had to ask the database.
  Result<bool> ensure_usable(const SessionId& id, const Instant& now);
  bool refresh_from_database(const SessionId& id, const Instant& now);  // true if this call asked the database

  bool is_idle(const Cached& cached, const Instant& now) const;
  bool is_stale(const Cached& cached, const Instant& now) const;

  // The next four are called under store_mutex_, held exclusively.

  // The session of that id if it is there and not idle, else null.
  Cached* find_usable(const SessionId& id, const Instant& now);
  // Writes the row of `changed`, one version above the stored one, and puts it in place. False: another process
  // was faster, and `stored` is its copy now.
  Result<bool> try_save(const SessionId& id, Cached& stored, Cached changed, const Instant& now);
  // Reads the row of a session that the store has. not_found: it is gone, and the session with it.
  Result<void> reload(const SessionId& id);
  void adopt(Cached& cached, Row row, const Instant& now) const;

  void count_begun();
  void count_ended();
  void queue_row(const SessionId& id);

  const std::shared_ptr<Database> database_;
  const std::shared_ptr<Clock> clock_;
  const Settings settings_;

  SharedMutex store_mutex_;
  std::unordered_map<SessionId, Cached> store_;

  Mutex stats_mutex_;
  std::uint64_t total_sessions_ = 0;
  std::uint64_t active_sessions_ = 0;
  std::uint64_t failed_cleanups_ = 0;
  std::uint64_t cache_hits_ = 0;
  std::uint64_t cache_misses_ = 0;

  Mutex pass_mutex_;
  Mutex queue_mutex_;
  std::vector<SessionId> queue_;
};

class Worker final : public CleanupWorker {
public:
  Worker(SessionManager& manager, std::chrono::milliseconds interval) : manager_(manager), interval_(interval) {}
  ~Worker() override { stop(); }

  void start() override;
  void stop() override;

private:
  void run();

  SessionManager& manager_;
  const std::chrono::milliseconds interval_;

  Mutex control_mutex_;  // before mutex_: held by start() and stop(), also while stop() waits for the thread
  std::thread thread_;

  Mutex mutex_;
  CondVar wake_;
  std::atomic<bool> stopping_{false};
};

}  // namespace lab
