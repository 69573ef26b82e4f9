// The session manager in stripes: each session belongs to one of sixteen, by the hash of its id, and each stripe has
// one lock. Keeps C1-C11 and C13-C15. Not C12: sessions of one stripe wait for each other.
//
// Which lock guards what
//   Stripe::mutex   which sessions of the stripe there are, everything about them, and their rows: held while a row is
//                   written or loaded
//   queue_mutex_    the cleanup queue and the dead letters
//   atomics         the counts
//
// A session is in its stripe's map exactly while it is live. So whoever holds the stripe's mutex and has found a
// session there may change it, and it stays where it is until he lets go or ends it.
//
// Lock order: at most two stripes' mutexes, the lower stripe first (two only in merge_sessions, and only one where both
// sessions are in one stripe), then queue_mutex_, under which nothing is locked and nobody is called. Around a circle
// of threads that wait for each other the stripes would have to rise for ever; so there is no circle.
#pragma once

#include <array>
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
  struct Session {
    SessionData data;
    Version version = 0;
    SteadyTime cache_time{};
    SteadyTime last_used{};
    bool fetching = false;  // some caller is on its way to the database for a newer copy
  };

  struct Stripe {
    Mutex mutex;
    std::unordered_map<SessionId, Session> sessions LAB_GUARDED_BY(mutex);
  };

  // Two threads that work on different sessions want one stripe once in so many times.
  static constexpr std::size_t stripe_count = 16;

  // Holds the mutexes of two stripes, the lower one locked first, or of the one that both are.
  class PairLock;

  struct QueuedRow {
    SessionId id;
    std::size_t tries = 0;
  };

  enum class Found { in_store, in_database };
  enum class Queue { yes, no };

  Stripe& stripe_of(const SessionId& id) { return stripes_[std::hash<SessionId>{}(id) % stripe_count]; }

  // The session of that id, loaded from the database if the stripe has none. `found` says which. Good until the session
  // ends or the stripe's mutex is let go.
  Result<Session*> find(Stripe& stripe, const SessionId& id, Found& found) LAB_REQUIRES(stripe.mutex);

  // Locks the stripe of that id, finds the session and returns act(stripe, session).
  template <class Act>
  auto with_session(const SessionId& id, Found& found, Act act)
      -> decltype(act(std::declval<Stripe&>(), std::declval<Session&>()));

  // Applies apply(Session&, Instant) to a copy, writes the copy's row, and only then puts the copy in place.
  template <class Apply>
  Result<void> change_session(const SessionId& id, Apply apply);

  void refresh_from_database(const SessionId& id);

  // Whether the session is not idle. Asks the database before it calls a stale copy idle: another process may have used
  // the session. False also where its row is gone: then the session has ended.
  bool is_usable(Stripe& stripe, Session& session, const Instant& now) LAB_REQUIRES(stripe.mutex);
  bool is_idle(const Session& session, const Instant& now) const;
  bool is_stale(const Session& session, const Instant& now) const;

  // Reads the row again. not_found: it is gone, and the session has ended.
  Result<void> reload(Stripe& stripe, Session& session, const Instant& now) LAB_REQUIRES(stripe.mutex);
  // `asked` was read before the row was, `now` after it: the copy may be as old as the one, and another process may
  // have used the session up to the other.
  void adopt(Session& session, Row row, const Instant& asked, const Instant& now);
  // A session that was not live becomes so.
  Session& begin(Stripe& stripe, Row row, const Instant& asked, const Instant& now) LAB_REQUIRES(stripe.mutex);
  // Ends the session for everybody in one step, as seen by whoever waits for its stripe. It is gone afterwards.
  void end(Stripe& stripe, Session& session, Queue queue) LAB_REQUIRES(stripe.mutex);

  std::size_t expire_idle(Stripe& stripe) LAB_EXCLUDES(stripe.mutex);
  void settle(QueuedRow row, CleanupReport& report) LAB_EXCLUDES(queue_mutex_);

  const std::shared_ptr<Database> database_;
  const std::shared_ptr<Clock> clock_;
  const Settings settings_;

  std::array<Stripe, stripe_count> stripes_;

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
