// The session manager by optimistic retry. Keeps C1-C15.
//
// No lock is held while the database is asked or a row is made. Whoever changes a session makes an attempt:
//   1. under the session's mutex he reads a copy, with its version, and counts himself as under way;
//   2. with no lock he makes the changed copy, and writes its row on condition that the row has the version he read;
//   3. under the mutex again he puts the copy in place if the row was written, and is under way no more.
// If the row had another version he starts again. So the database decides who of several was first, and a change that
// is made of an old copy is never written. While the one who was first is between 2 and 3, nobody else here can write
// that row: all they have is the version before, and who fetches the new one waits as below. So changes are put in
// place in the order in which they were written.
//
// What an attempt under way hides. Its row may be written and not yet in place. So none of these is certain while
// others are under way: that a session is idle (one may have begun in time), that it has no row (its ending has yet to
// be put in place, that of a merge in both its sessions at once), and that the row's newer version is another
// process's. Whoever is about to decide one of these waits until it is certain, with nothing locked and being under way
// no more himself; so nobody waits for him meanwhile. Only another process, which reads the row, may see a change a
// moment before a reader here does; never one that has returned. Nor does the row tell of a get that was served while
// it was written; that of the next change does.
//
// Uses. A get is no change of the row: it is noted under the mutex. The clock is read under it too, so that the order
// of uses and judgements is that of their readings: a session that is idle to one is idle to all after him. The sweep
// therefore needs no lock from judgement to mark: no get can come between, and any change makes its mark fail.
//
// Which lock guards what
//   Session::mutex   what is in memory of one session: never held while the database is asked
//   store_mutex_     which sessions there are: held to find, insert or erase one, never to change one
//   queue_mutex_     the cleanup queue and the dead letters
//   atomics          the counts
//
// Lock order: at most two session mutexes, the lower id first (two only in merge_sessions), then store_mutex_ or
// queue_mutex_, one of these at a time, for a time that depends on no session's size. Nothing is locked and
// the clock is not read under store_mutex_ or queue_mutex_, so whoever holds one lets it go soon. Who waits for others
// holds no mutex but the one that the wait gives up.
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
  // What the store knows of a session: the database's row, when that was last read or written, and the last use.
  struct Cached {
    SessionData data;
    Version version = 0;  // 0: nothing is known
    SteadyTime cache_time{};
    SteadyTime last_used{};
  };

  struct Session {
    Mutex mutex;
    CondVar finished;  // notified when somebody is under way no more
    // False until its row has been read, and from its end on. Whoever finds a session that is not live looks again.
    bool live LAB_GUARDED_BY(mutex) = false;
    bool fetching LAB_GUARDED_BY(mutex) = false;  // some caller is on its way to the database for a newer copy
    int under_way LAB_GUARDED_BY(mutex) = 0;      // attempts; while it is being loaded, its loader
    // A merge under way found both its sessions in use, and they are until then if nobody uses them. Whoever comes
    // later waits for it: he may use this session at a time at which the other is idle, and the merge cannot come after
    // him.
    SteadyTime merge_by LAB_GUARDED_BY(mutex) = SteadyTime::max();
    Cached cached LAB_GUARDED_BY(mutex);
  };
  using SharedSession = std::shared_ptr<Session>;

  // Holds the mutexes of two sessions, the one with the lower id locked first.
  class PairLock;

  struct QueuedRow {
    SessionId id;
    std::size_t tries = 0;
  };

  enum class Found { in_store, in_database };
  enum class Queue { yes, no };

  // The session of that id, loaded from the database if the store has none. `found` says which.
  Result<SharedSession> find(const SessionId& id, Found& found) LAB_EXCLUDES(store_mutex_);
  Result<SharedSession> load(const SessionId& id, Found& found) LAB_EXCLUDES(store_mutex_);

  // Finds and locks the session of that id, and returns act(session, now) if it is live and not idle at `now`. Waits
  // until that is certain, and asks the database before it calls a stale copy idle: another process may have used the
  // session. `news` is what the caller knows of another process's row, and others here do not yet.
  template <class Act>
  auto with_usable(const SessionId& id, const Cached& news, Found& found, Act act)
      -> Result<decltype(act(std::declval<const SharedSession&>(), std::declval<const Instant&>()))>;

  // Attempts until one succeeds: write(copy, now) writes the row, install(session) puts it in place.
  template <class Write, class Install>
  Result<void> change_row(const SessionId& id, Write write, Install install);

  // Applies apply(Cached&, Instant) to a copy, writes the copy's row, and only then puts the copy in place.
  template <class Apply>
  Result<void> change_session(const SessionId& id, Apply apply);

  void begin(Session& session) LAB_REQUIRES(session.mutex) { ++session.under_way; }
  void finish(Session& session) LAB_REQUIRES(session.mutex);
  // Whether another process has changed the row of that version. Waits until it is certain.
  bool is_changed_elsewhere(Session& session, Version version) LAB_REQUIRES(session.mutex);

  // Whether it is live, not idle, and in no merge that has to come first.
  bool is_usable(const Session& session, const Cached& news, const Instant& now) const LAB_REQUIRES(session.mutex);
  bool is_idle(SteadyTime last_used, const Instant& now) const;
  bool is_stale(const Cached& cached, const Instant& now) const;
  static SteadyTime last_use(const Cached& cached, const Cached& news);

  // Reads the row. not_found: it is gone.
  Result<Cached> fetch(const SessionId& id);
  // Reads the row again, and waits until it is certain that it is in place or another process's. not_found: it is gone,
  // and the session has ended.
  Result<Cached> fetch(const SessionId& id, Session& session) LAB_EXCLUDES(session.mutex);
  // Reads the row again, and puts it in place if it is newer.
  Result<void> reload(const SessionId& id, Session& session) LAB_EXCLUDES(session.mutex);
  // `asked` was read before the row was, `now` after it: the copy may be as old as the one, and another process may
  // have used the session up to the other.
  static Cached cached_of(Row row, const Instant& asked, const Instant& now);
  static void renew(Cached& cached, const Cached& news);
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
