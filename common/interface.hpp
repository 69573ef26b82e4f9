// The seam: what a session manager promises to everybody who uses one, and the three functions by which an
// implementation gives one out. Tests, tools and servers include this and nothing of an implementation;
// exactly one implementation is linked into an executable.
//
// The clauses C1-C15 are explained in docs/reference/contract.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "common/clock.hpp"
#include "common/database.hpp"
#include "common/errors.hpp"
#include "common/values.hpp"

namespace lab {

// What a manager is made of. Both pointers must be set; the manager keeps them alive.
struct Dependencies {
  std::shared_ptr<Database> database;
  std::shared_ptr<Clock> clock;
  Settings settings;
};

// An in-memory store of web sessions over a database that holds a row for each.
//
// Thread safety: every member may be called by any number of threads at once. Destroy a manager only after
// every call has returned and every worker over it has been stopped.
//
// What callers get: each operation on one or two sessions, get_active_count(), and {total, active} of
// get_stats() take effect at one instant between call and return (they are linearizable); what an operation
// changed is visible to every operation that begins after it returned. expire_idle() and run_cleanup() are
// sequences of such steps, one a row. A change is acknowledged after its row is written (C15): an error
// leaves the session as it was. No operation on one session waits for work on another (C12).
//
// not_found is every id that is unknown, malformed, deleted, merged away, or idle for longer than
// Settings::idle_timeout. Each operation may also return the database's errors.
//
// Not promised: an order among threads that contend for one session, and that the row of a session tells of
// a mere get: last_activity is written along with the next change.
class SessionManager {
public:
  SessionManager() = default;
  SessionManager(const SessionManager&) = delete;
  SessionManager& operator=(const SessionManager&) = delete;
  virtual ~SessionManager() = default;

  // Begins an authenticated session under a fresh, unguessable id (C1). invalid_argument: a name is empty.
  virtual Result<SessionId> create_session(const std::string& user_id, const std::string& username) = 0;

  // A copy of the session at one instant (C2); counts as a use. Counts exactly one hit or one miss. A copy
  // older than Settings::cache_ttl is refreshed by one caller while the others get it as it is (C8); where
  // that fetch fails the cached copy is served.
  virtual Result<SessionData> get_session(const SessionId& id) = 0;

  // Sets one key and adds 1 to access_count, or changes nothing (C3). invalid_argument: the key is empty.
  virtual Result<void> update_session(const SessionId& id, const std::string& key, const std::string& value) = 0;

  // Adds 1 to access_count and returns the new count, which no other caller gets (C4).
  virtual Result<std::uint64_t> increment_access(const SessionId& id) = 0;

  // After set_authenticated(id, false) returned, nobody reads true until it is set again (C9). Not a use.
  virtual Result<void> set_authenticated(const SessionId& id, bool authenticated) = 0;

  // Ends the session for good (C5): of several callers one succeeds and the rest get not_found. Its row is
  // marked deleted in the same write, and queued for a purge. Runs a pass of run_cleanup where it finds
  // cleanup_queue_pass_at rows queued.
  virtual Result<void> delete_session(const SessionId& id) = 0;

  // Moves the metadata of `from` into `into`, which keeps its own value of a key that both have, adds the
  // access count, and ends `from` as delete_session does; all in one step (C11). same_session: one id twice.
  virtual Result<void> merge_sessions(const SessionId& from, const SessionId& into) = 0;

  // Ends the sessions that have been idle for longer than Settings::idle_timeout (C10); returns how many. A
  // session whose row could not be marked stays, for the next sweep.
  virtual std::size_t expire_idle() = 0;

  // Tries each queued row once (C7): removes those whose purge succeeds, keeps those whose purge failed, and
  // moves them to the dead letters after cleanup_tries_max passes. Never tries a row that another pass has in hand.
  virtual CleanupReport run_cleanup() = 0;

  // {total, active} are of one instant; hits, misses and failures lie between what had returned before the
  // call and what had begun before its end (C6).
  virtual Stats get_stats() = 0;

  // The number of live sessions at one instant of the call (C6).
  virtual std::uint64_t get_active_count() = 0;

  // The rows marked deleted that are neither purged nor given up.
  virtual std::size_t get_cleanup_queue_size() = 0;

  // The rows given up since this manager was made. A manager made later over the same database queues them again.
  virtual DeadLetters dead_letters() = 0;

  // The clock it was made with; it lives as long as the manager.
  virtual Clock& clock() = 0;
};

// A thread that runs a pass, expire_idle() and then run_cleanup(), each time an interval has passed.
//
//   state    start()          stop()                       destructor
//   stopped  runs             no effect                    no effect
//   running  no effect        ends the thread, waits for it  as stop()
//
// Thread safety: start() and stop() may be called by any number of threads at once, but not from a pass.
class CleanupWorker {
public:
  CleanupWorker() = default;
  CleanupWorker(const CleanupWorker&) = delete;
  CleanupWorker& operator=(const CleanupWorker&) = delete;
  virtual ~CleanupWorker() = default;

  virtual void start() = 0;

  // After this is called no further pass begins; it returns once a pass under way has ended (C13). It waits
  // for no time-out: no clock need advance for it to return.
  virtual void stop() = 0;
};

// Makes a manager over the database's rows: live ones are its sessions, those marked deleted are queued for
// a purge. Returns the database's error where they can't be read.
Result<std::unique_ptr<SessionManager>> make_session_manager(Dependencies dependencies);

// Makes a stopped worker over `manager`, which must outlive it. It waits by the manager's clock.
std::unique_ptr<CleanupWorker> make_cleanup_worker(SessionManager& manager, std::chrono::milliseconds interval);

// The process-wide manager, over a database in memory and the machine's clock: the same, fully built object
// for every caller, built by the first (C14). Lives until the process ends.
SessionManager& process_instance();

}  // namespace lab
