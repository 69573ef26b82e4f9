// The session manager with a reader-writer lock per session: gets of one session copy it at the same time. Keeps
// C1-C15.
//
// Which lock guards what
//   store_mutex_         which sessions there are: held to find, insert or erase one, never to change one
//   Session::mutex       everything about one session but its last use, and its row: shared by gets, exclusive while
//                        the session is changed and its row is written
//   Session::use_mutex   when the session was last used: two words, which several gets may want to write at once
//   queue_mutex_         the cleanup queue and the dead letters
//   atomics              the counts, and who fetches
//
// A get is a use, and so it writes. What it may do under the shared lock, beside others of its kind:
//   - stamp the use. The time is read under the shared lock and the later stamp stays, whoever comes first.
//   - find that the session is not idle: uses only make it less so.
//   - become the one that fetches: an atomic exchange says yes to one.
// It may not find that the session is idle, because another get may have read the clock in time and not stamped its use
// yet. That is judged under the exclusive lock alone, by gets, sweeps and changes alike: all uses of before are stamped
// then, and whoever gets the lock afterwards reads a later time.
//
// Lock order: at most two session mutexes, the lower id first (two only in merge_sessions), then one of store_mutex_,
// queue_mutex_ and a use_mutex, for a time that depends on no session's size. Nothing is locked and neither database
// nor clock is called under one of these three, so whoever holds one lets it go soon. Nobody locks a session's mutex
// that he holds already: from shared to exclusive the way is to let go and look again.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
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
  // What the store knows of a session: the database's row, and when that was last read or written.
  struct Cached {
    SessionData data;  // last_activity is the row's; that of now is in Session::last_use
    Version version = 0;
    SteadyTime cache_time{};
  };

  struct Session {
    SharedMutex mutex;
    // False until its row has been read, and from its end on. Whoever finds a session that is not live looks again.
    bool live LAB_GUARDED_BY(mutex) = false;
    Cached cached LAB_GUARDED_BY(mutex);
    std::atomic<bool> fetching{false};  // some caller is on its way to the database for a newer copy

    Mutex use_mutex;
    Instant last_use LAB_GUARDED_BY(use_mutex){};  // written under `mutex` too, shared or not
  };

  // Holds the mutexes of two sessions, the one with the lower id locked first.
  class PairLock;

  struct QueuedRow {
    SessionId id;
    std::size_t tries = 0;
  };

  enum class Found { in_store, in_database };
  enum class Queue { yes, no };
  enum class Use { yes, no };  // whether a change is a use

  // The session of that id, loaded from the database if the store has none. `found` says which.
  Result<std::shared_ptr<Session>> find(const SessionId& id, Found& found) LAB_EXCLUDES(store_mutex_);
  Result<std::shared_ptr<Session>> load(const SessionId& id, Found& found) LAB_EXCLUDES(store_mutex_);

  // Finds the live session of that id, locks it by a WriterLock or a ReaderLock, and returns act(session).
  template <class Lock, class Act>
  auto with_session(const SessionId& id, Found& found, Act act) -> decltype(act(std::declval<Session&>()));

  // Gets the session, unless it is stale and nobody fetches it: then `refresh` becomes true, and what is returned is
  // of no use. Where `refresh` is true already a stale copy has to do.
  Result<SessionData> look_at(const SessionId& id, Found& found, bool& refresh);

  // Applies apply(SessionData&) to a copy, writes the copy's row, and only then puts the copy in place.
  template <class Apply>
  Result<void> change_session(const SessionId& id, Use use, Apply apply);

  void refresh_from_database(const SessionId& id);

  // Whether the session is live and not idle. Asks the database before it calls a stale copy idle: another
  // process may have used the session.
  bool is_usable(Session& session, const Instant& now) LAB_REQUIRES(session.mutex);
  // Under a shared lock a no is final, and a yes only a reason to ask again under the exclusive one.
  bool is_idle(Session& session, const Instant& now) const LAB_REQUIRES_SHARED(session.mutex);
  bool is_stale(const Cached& cached, const Instant& now) const;

  // Whether the caller is to fetch a newer copy: the session is stale, and nobody is about it.
  bool begin_fetch(Session& session, const Instant& now) const LAB_REQUIRES_SHARED(session.mutex);
  // Stamps the use, and returns the copy that a get returns.
  static SessionData use(Session& session, const Instant& now) LAB_REQUIRES_SHARED(session.mutex);
  static void stamp_use(Session& session, const Instant& now) LAB_REQUIRES_SHARED(session.mutex);
  static Instant last_use_of(Session& session) LAB_REQUIRES_SHARED(session.mutex);

  // Reads the row again. not_found: it is gone, and the session has ended.
  Result<void> reload(Session& session, const Instant& now) LAB_REQUIRES(session.mutex);
  // `asked` was read before the row was, `now` after it: the copy may be as old as the one, and another process may
  // have used the session up to the other.
  void adopt(Session& session, Row row, const Instant& asked, const Instant& now) LAB_REQUIRES(session.mutex);
  // Ends the session for everybody in one step, as seen by whoever waits for its mutex.
  void end(Session& session, Queue queue) LAB_REQUIRES(session.mutex);

  void settle(QueuedRow row, CleanupReport& report) LAB_EXCLUDES(queue_mutex_);

  const std::shared_ptr<Database> database_;
  const std::shared_ptr<Clock> clock_;
  const Settings settings_;

  SharedMutex store_mutex_;
  std::unordered_map<SessionId, std::shared_ptr<Session>> store_ LAB_GUARDED_BY(store_mutex_);

  Mutex queue_mutex_;
  std::vector<QueuedRow> queue_ LAB_GUARDED_BY(queue_mutex_);
  std::size_t rows_in_hand_ LAB_GUARDED_BY(queue_mutex_) = 0;  // taken by a pass and not settled yet
  std::deque<SessionId> dead_letters_ LAB_GUARDED_BY(queue_mutex_);
  std::uint64_t dead_letters_dropped_ LAB_GUARDED_BY(queue_mutex_) = 0;

  // {total, active} in one word, so that one load reads both of one instant: total in the upper half.
  std::atomic<std::uint64_t> counts_{0};
  std::atomic<std::uint64_t> cache_hits_{0};
  std::atomic<std::uint64_t> cache_misses_{0};
  std::atomic<std::uint64_t> failed_cleanups_{0};
};

class Worker final : public CleanupWorker {
public:
  Worker(SessionManager& manager, std::chrono::milliseconds interval) : manager_(manager), interval_(interval) {}
  ~Worker() override { stop(); }

  void start() override LAB_EXCLUDES(control_mutex_, mutex_);
  void stop() override LAB_EXCLUDES(control_mutex_, mutex_);

private:
  void run() LAB_EXCLUDES(mutex_);

  SessionManager& manager_;
  const std::chrono::milliseconds interval_;

  Mutex control_mutex_;  // before mutex_: held by start() and stop(), also while stop() waits for the thread
  std::thread thread_ LAB_GUARDED_BY(control_mutex_);

  Mutex mutex_;
  CondVar wake_;
  bool stopping_ LAB_GUARDED_BY(mutex_) = false;
};

}  // namespace lab
