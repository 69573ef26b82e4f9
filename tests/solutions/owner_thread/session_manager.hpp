// The session manager with an owner: one thread has all sessions, and callers send it commands and wait for the answer.
// Keeps C1-C11 and C13-C15. Not C12: while the owner waits for the database, everybody waits for the owner.
//
// Who may touch what
//   Store     everything there is to know of the sessions: the owner's thread alone, so it needs no lock
//   mutex_    the queue of commands, whether each is done, and the owner's thread itself
//
// A command lives in the frame of the caller that waits for it. What the caller wrote before it sent the command the
// owner sees, and what the owner wrote the caller sees after the answer: both have held mutex_ in between.
//
// Lock order: there is none to know. Nothing is locked and neither database nor clock is called under mutex_; a command
// runs without it. The owner never waits for a caller, so whatever is sent is answered.
//
// Callers must not call the manager from a call to the database or the clock that the manager makes: the owner would
// wait for itself.
#pragma once

#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "common/interface.hpp"
#include "common/mutex.hpp"

namespace lab {

// A session manager for one thread.
class Store {
public:
  Store(const Dependencies& dependencies, Database::Contents contents);

  Result<SessionId> create(const std::string& user_id, const std::string& username);
  // Where `refresh` becomes true the copy is stale, and the caller is the one to fetch the row: he does so without
  // holding up the owner, and comes back with it to get_refreshed. Then what is returned here is of no use.
  Result<SessionData> get(const SessionId& id, bool& refresh);
  Result<SessionData> get_refreshed(const SessionId& id, const Instant& asked, Result<std::optional<Row>> row);
  Result<void> update(const SessionId& id, const std::string& key, const std::string& value);
  Result<std::uint64_t> increment(const SessionId& id);
  Result<void> set_authenticated(const SessionId& id, bool authenticated);
  Result<void> remove(const SessionId& id);
  Result<void> merge(const SessionId& from, const SessionId& into);
  std::size_t expire_idle();
  CleanupReport run_cleanup();
  Stats stats() const { return stats_; }
  std::size_t queue_size() const { return queue_.size(); }
  DeadLetters dead_letters() const { return {{dead_letters_.begin(), dead_letters_.end()}, dead_letters_dropped_}; }

private:
  // What the store knows of a live session: the database's row, when that was last read or written, and the last use.
  struct Session {
    SessionData data;
    Version version = 0;
    SteadyTime cache_time{};
    SteadyTime last_used{};
    bool fetching = false;  // some caller is on its way to the database for a newer copy
  };

  struct QueuedRow {
    SessionId id;
    std::size_t tries = 0;
  };

  enum class Found { in_store, in_database };
  enum class Queue { yes, no };

  // The session of that id, loaded from the database if the store has none. `found` says which. Good until it ends.
  Result<Session*> find(const SessionId& id, Found& found);
  static void use(Session& session, const Instant& now);
  // Counts a get, and returns its result.
  Result<SessionData> count(Result<SessionData> data, bool hit);

  // Applies apply(Session&, Instant) to a copy, writes the copy's row, and only then puts the copy in place.
  template <class Apply>
  Result<void> change(const SessionId& id, Apply apply);

  // Whether the session is not idle. Asks the database before it calls a stale copy idle: another process may have used
  // the session. False also where its row is gone: then the session has ended.
  bool is_usable(Session& session, const Instant& now);
  bool is_idle(const Session& session, const Instant& now) const;
  bool is_stale(const Session& session, const Instant& now) const;

  // Reads the row again. not_found: it is gone, and the session has ended.
  Result<void> reload(Session& session, const Instant& now);
  // `asked` was read before the row was, `now` after it: the copy may be as old as the one, and another process may
  // have used the session up to the other.
  static void adopt(Session& session, Row row, const Instant& asked, const Instant& now);
  // A session that was not live becomes so.
  Session& begin(Row row, const Instant& asked, const Instant& now);
  // The session is gone afterwards.
  void end(Session& session, Queue queue);

  const std::shared_ptr<Database> database_;
  const std::shared_ptr<Clock> clock_;
  const Settings settings_;

  std::unordered_map<SessionId, Session> sessions_;
  std::vector<QueuedRow> queue_;
  std::deque<SessionId> dead_letters_;
  std::uint64_t dead_letters_dropped_ = 0;
  Stats stats_;
};

class Manager final : public SessionManager {
public:
  // The owner's thread is made by the first command. Where it has had nothing to do for idle_max it ends, and the next
  // command makes it anew; without idle_max it waits until the manager is destroyed.
  Manager(Dependencies dependencies, Database::Contents contents,
          std::optional<std::chrono::milliseconds> idle_max = std::nullopt);
  ~Manager() override LAB_EXCLUDES(mutex_);

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
  struct Command {
    std::function<void()> run;
    std::exception_ptr thrown;  // by run
    bool done = false;          // by mutex_
    CondVar answered;
  };

  // Has the owner run act(store), and returns what that returned, or throws what it threw.
  template <class Act>
  auto ask(Act act) LAB_EXCLUDES(mutex_);
  void send_and_wait(Command& command) LAB_EXCLUDES(mutex_);

  // What the owner's thread runs.
  void serve() LAB_EXCLUDES(mutex_);

  const std::shared_ptr<Database> database_;
  const std::shared_ptr<Clock> clock_;
  const std::optional<std::chrono::milliseconds> idle_max_;

  Store store_;  // the owner's

  Mutex mutex_;
  CondVar sent_;
  std::deque<Command*> commands_ LAB_GUARDED_BY(mutex_);
  bool stopping_ LAB_GUARDED_BY(mutex_) = false;
  std::thread owner_ LAB_GUARDED_BY(mutex_);  // none: nobody serves, and the next command makes one
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
