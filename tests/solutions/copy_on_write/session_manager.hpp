// The session manager by copy-on-write. Keeps C1-C15.
//
// What there is to know of a session is a State, an immutable object behind an atomic pointer. A reader loads the
// pointer and owns what it points to; who changes the session makes a new State and exchanges the pointer.
//
// Which lock guards what
//   Session::state_   replaced by whoever makes a compare-exchange with the state that he read
//   Session::writer   the right to change anything but the last use, and to write the row: held while it is written
//   store_mutex_      which sessions there are: held to find, insert or erase one, never to change one
//   queue_mutex_      the cleanup queue and the dead letters
//   atomics           the counts
//
// Readers. A get is a use, so it replaces the state too, but the row in it is shared by the old state and the new: it
// copies no row to note its use, and waits for no row to be written. Each reads the clock after it has loaded the
// state. Its exchange succeeds only if nobody has replaced the state meanwhile; so the order of the states is the order
// of the readings: a session that was used, or judged idle, is not used by an older reading after that.
//
// Closed sessions. Three things can't be told apart from what readers do: that a session is idle, that it has ended,
// and that two sessions were merged at one instant. Whoever decides one of these closes the session first: he takes its
// state out, and leaves null. A use came before that, and he sees it, or the reader finds the session closed and waits
// for the writer's mutex. So readers wait for a session that seems idle, is merged, loaded or just ending; never for a
// change. A session that is opened again gets a new State: a reader that loaded the one before has to read the clock
// again. Under the writer's mutex only a session that has not been loaded or has ended is found closed.
//
// The price: a change's row is written before its State is in place, and readers don't wait for that. So another
// process may read a change in the database a moment before a reader here gets it; never one that has returned. Nor
// does the row tell of a get that was served while it was written; that of the next change does.
//
// Lock order: at most two writers' mutexes, the lower id first (two only in merge_sessions), then store_mutex_ or
// queue_mutex_, one of these at a time, for a time that depends on no session's size. Nothing is locked and
// neither database nor clock is called under store_mutex_ or queue_mutex_, so whoever holds one lets it go soon. The
// library's mutexes behind Session::state_ are its own business: they are let go before a call of it returns.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>
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
  using SharedRow = std::shared_ptr<const Row>;

  // Small, so that a use costs a copy of this and not of the row.
  struct State {
    SharedRow row;            // its last_activity is that of its last change
    SteadyTime cache_time{};  // when the row was last known to be the database's
    SteadyTime last_used{};
    WallTime last_activity{};
    bool fetching = false;  // some caller is on its way to the database for a newer copy
  };
  using Snapshot = std::shared_ptr<const State>;

  // The database's answer. The row may be as old as the question, and another process may have used the session up to
  // the answer.
  struct News {
    SharedRow row;  // null: none yet
    Instant asked{};
    Instant answered{};
  };

  class Session {
  public:
    Session() = default;
    explicit Session(State state) : state_(std::make_shared<const State>(std::move(state))) {}

    Mutex writer;

    // Null if the session is closed.
    Snapshot load() const { return std::atomic_load(&state_); }
    // Puts `next` in the place of `seen`; if that has been replaced already, reads into `seen` by what.
    bool replace(Snapshot& seen, State next) {
      return std::atomic_compare_exchange_strong(&state_, &seen, Snapshot(std::make_shared<State>(std::move(next))));
    }
    Snapshot close() LAB_REQUIRES(writer) { return std::atomic_exchange(&state_, Snapshot()); }
    void open(State state) LAB_REQUIRES(writer) {
      std::atomic_store(&state_, Snapshot(std::make_shared<State>(std::move(state))));
    }

  private:
    // Not a std::atomic<std::shared_ptr>: that of libstdc++ 12 has a lock bit which load() lets go with a relaxed
    // operation, so nothing orders the pointer that it read before the next writer's. ThreadSanitizer and the explorer
    // both report this data race. The functions used here, deprecated in favour of it, lock one or two of 16 mutexes of
    // the library's for the copy of a pointer; no State is made or destroyed meanwhile. All are sequentially
    // consistent.
    Snapshot state_;
  };

  // Holds the writers' mutexes of two sessions, the one with the lower id locked first.
  class PairLock;
  // Keeps an open session closed for a scope, and opens it again unless it has ended.
  class Closed;

  struct QueuedRow {
    SessionId id;
    std::size_t tries = 0;
  };

  enum class Found { in_store, in_database };
  enum class Queue { yes, no };
  enum class Use { yes, no };

  // The session of that id, loaded from the database if the store has none. `found` says which.
  Result<std::shared_ptr<Session>> find(const SessionId& id, Found& found) LAB_EXCLUDES(store_mutex_);
  Result<std::shared_ptr<Session>> load(const SessionId& id, Found& found) LAB_EXCLUDES(store_mutex_);

  // A copy of the session, whose use is noted. `refreshed`: this call has fetched a newer copy.
  Result<SessionData> use(const SessionId& id, Found& found, bool& refreshed);
  void refresh_from_database(const SessionId& id, Session& session);

  // Finds the session of that id, locks its writer's mutex when it has not ended, and returns act(session).
  template <class Act>
  Result<void> with_session(const SessionId& id, Act act);

  // Applies apply(SessionData&) to a copy, writes the copy's row, and only then puts the copy in place.
  template <class Apply>
  Result<void> change_session(const SessionId& id, Use use, Apply apply);

  // Edits the state, by edit(State&), of a session that is open. Keeps the uses that readers note meanwhile.
  template <class Edit>
  void amend(Session& session, Edit edit) LAB_REQUIRES(session.writer);

  // The state of an open session with the news in it, if it is not idle at `now`, which is read here.
  std::optional<State> usable(Session& session, const News& news, Instant& now) LAB_REQUIRES(session.writer);
  // Whether it is not idle. Asks the database before it calls a stale copy idle: another process may have used the
  // session.
  bool is_usable(Closed& session, const Instant& now);
  bool is_idle(const State& state, const Instant& now) const;
  bool is_stale(const State& state, const Instant& now) const;
  static void note_use(State& state, const Instant& now);
  static SessionData data_of(const State& state);

  // Reads the row. not_found: it is gone.
  Result<News> fetch(const SessionId& id);
  // The same for a writer that met another's change. not_found: the session has ended.
  Result<void> read_again(Session& session, const SessionId& id, News& news) LAB_REQUIRES(session.writer);
  // Takes over what fetch answered. not_found: the session has ended.
  Result<void> adopt(Closed& session, const Result<News>& fetched);
  static State state_of(const News& news);
  static void renew(State& state, const News& news);

  // Ends the session for everybody in one step: readers wait until it is over.
  void end(Closed& session, Queue queue);

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
