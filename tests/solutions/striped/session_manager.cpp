#include "session_manager.hpp"

#include <algorithm>
#include <utility>

#include "common/ids.hpp"
#include "common/memory_database.hpp"

namespace lab {
namespace {

// Each conflict means that another process has changed the row meanwhile. Where one wins this often running,
// the caller gets database_busy.
constexpr int save_attempts_max = 16;

constexpr std::uint64_t one_total = std::uint64_t{1} << 32;
constexpr std::uint64_t one_active = 1;
constexpr std::uint64_t active_mask = one_total - 1;

}  // namespace

class LAB_SCOPED_CAPABILITY Manager::PairLock {
public:
  // Both bodies are left out of the analysis, which can't see that {lower, upper} are {a, b}. The stripes are elements
  // of one array, so their addresses have the order of their numbers.
  PairLock(Stripe& a, Stripe& b) LAB_ACQUIRE(a.mutex, b.mutex) LAB_NO_THREAD_SAFETY_ANALYSIS
      : lower_(&a < &b ? a.mutex : b.mutex),
        upper_(&a < &b ? b.mutex : a.mutex) {
    lower_.lock();
    if (&upper_ != &lower_) upper_.lock();
  }
  ~PairLock() LAB_RELEASE() LAB_NO_THREAD_SAFETY_ANALYSIS {
    if (&upper_ != &lower_) upper_.unlock();
    lower_.unlock();
  }
  PairLock(const PairLock&) = delete;
  PairLock& operator=(const PairLock&) = delete;

private:
  Mutex& lower_;
  Mutex& upper_;
};

Manager::Manager(Dependencies dependencies, Database::Contents contents)
    : database_(std::move(dependencies.database)),
      clock_(std::move(dependencies.clock)),
      settings_(dependencies.settings) {
  const Instant now = clock_->now();
  for (Row& row : contents.live) {
    Stripe& stripe = stripe_of(row.data.session_id);
    MutexLock lock(stripe.mutex);
    begin(stripe, std::move(row), now, now);
  }
  for (SessionId& id : contents.marked) queue_.push_back({std::move(id)});
}

// ---- operations on one session

Result<SessionId> Manager::create_session(const std::string& user_id, const std::string& username) {
  if (user_id.empty() || username.empty()) return Unexpected(Error::invalid_argument);

  const Instant now = clock_->now();
  Row row;
  row.data.session_id = new_session_id();
  row.data.user_id = user_id;
  row.data.username = username;
  row.data.login_time = now.wall;
  row.data.last_activity = now.wall;
  row.data.is_authenticated = true;
  row.version = 1;
  const auto written = database_->save(row, 0);
  if (!written) return Unexpected(written.error());
  if (*written == Written::conflict) return Unexpected(Error::database_failed);  // 122 random bits do not repeat

  // Nobody knows the id yet, so the row could be written without the lock.
  const SessionId id = row.data.session_id;
  Stripe& stripe = stripe_of(id);
  MutexLock lock(stripe.mutex);
  begin(stripe, std::move(row), now, now);
  return id;
}

Result<SessionData> Manager::get_session(const SessionId& id) {
  Found found = Found::in_store;
  bool refresh = false;
  const auto serve = [&](Stripe& stripe, Session& session) -> Result<SessionData> {
    stripe.mutex.assert_held();
    const Instant now = clock_->now();
    if (!refresh && !session.fetching && is_stale(session, now)) {
      session.fetching = refresh = true;
      return Unexpected(Error::not_found);  // not looked at: the call below comes back for it
    }
    if (!is_usable(stripe, session, now)) return Unexpected(Error::not_found);
    session.data.last_activity = now.wall;
    session.last_used = now.steady;
    return session.data;
  };

  Result<SessionData> data = with_session(id, found, serve);
  if (refresh) {
    refresh_from_database(id);
    data = with_session(id, found, serve);
  }
  const bool hit = data && !refresh && found == Found::in_store;
  ++(hit ? cache_hits_ : cache_misses_);
  return data;
}

Result<void> Manager::update_session(const SessionId& id, const std::string& key, const std::string& value) {
  if (key.empty()) return Unexpected(Error::invalid_argument);

  return change_session(id, [&](Session& changed, const Instant& now) {
    changed.data.metadata[key] = value;
    ++changed.data.access_count;
    changed.data.last_activity = now.wall;
    changed.last_used = now.steady;
  });
}

Result<std::uint64_t> Manager::increment_access(const SessionId& id) {
  std::uint64_t count = 0;
  const Result<void> written = change_session(id, [&](Session& changed, const Instant& now) {
    count = ++changed.data.access_count;
    changed.data.last_activity = now.wall;
    changed.last_used = now.steady;
  });
  if (!written) return Unexpected(written.error());
  return count;
}

Result<void> Manager::set_authenticated(const SessionId& id, bool authenticated) {
  return change_session(id, [&](Session& changed, const Instant&) { changed.data.is_authenticated = authenticated; });
}

Result<void> Manager::delete_session(const SessionId& id) {
  Found found = Found::in_store;
  const auto mark = [&](Stripe& stripe, Session& session) -> Result<void> {
    stripe.mutex.assert_held();
    for (int attempt = 0; attempt < save_attempts_max; ++attempt) {
      const Instant now = clock_->now();
      if (!is_usable(stripe, session, now)) return Unexpected(Error::not_found);
      const auto written = database_->mark_deleted(id, session.version);
      if (!written) return Unexpected(written.error());
      if (*written == Written::yes) {
        end(stripe, session, Queue::yes);
        return {};
      }
      if (const auto reloaded = reload(stripe, session, now); !reloaded) return reloaded;
    }
    return Unexpected(Error::database_busy);
  };
  const Result<void> ended = with_session(id, found, mark);
  if (ended && get_cleanup_queue_size() >= cleanup_queue_pass_at) run_cleanup();
  return ended;
}

// ---- operations on several

Result<void> Manager::merge_sessions(const SessionId& from, const SessionId& into) {
  if (from == into) return Unexpected(Error::same_session);

  Stripe& from_stripe = stripe_of(from);
  Stripe& into_stripe = stripe_of(into);
  PairLock lock(from_stripe, into_stripe);
  Found found = Found::in_store;
  const auto from_found = find(from_stripe, from, found);
  if (!from_found) return Unexpected(from_found.error());
  const auto into_found = find(into_stripe, into, found);
  if (!into_found) return Unexpected(into_found.error());
  Session& from_session = **from_found;
  Session& into_session = **into_found;

  for (int attempt = 0; attempt < save_attempts_max; ++attempt) {
    const Instant now = clock_->now();
    if (!is_usable(from_stripe, from_session, now) || !is_usable(into_stripe, into_session, now))
      return Unexpected(Error::not_found);
    Session merged = into_session;
    merged.data.metadata.insert(from_session.data.metadata.begin(), from_session.data.metadata.end());
    merged.data.access_count += from_session.data.access_count;
    merged.data.last_activity = now.wall;
    merged.last_used = now.steady;
    merged.cache_time = now.steady;
    ++merged.version;
    const auto written =
        database_->merge({merged.data, merged.version}, into_session.version, from, from_session.version);
    if (!written) return Unexpected(written.error());
    if (*written == Written::yes) {
      into_session = std::move(merged);
      end(from_stripe, from_session, Queue::yes);
      return {};
    }
    if (const auto reloaded = reload(from_stripe, from_session, now); !reloaded) return reloaded;
    if (const auto reloaded = reload(into_stripe, into_session, now); !reloaded) return reloaded;
  }
  return Unexpected(Error::database_busy);
}

std::size_t Manager::expire_idle() {
  std::size_t expired = 0;
  for (Stripe& stripe : stripes_) expired += expire_idle(stripe);
  return expired;
}

std::size_t Manager::expire_idle(Stripe& stripe) {
  std::vector<SessionId> ids;
  {
    MutexLock lock(stripe.mutex);
    for (const auto& [id, session] : stripe.sessions) ids.push_back(id);
  }
  std::size_t expired = 0;
  for (const SessionId& id : ids) {
    // The stripe is let go after each row, so that a long sweep holds up nobody for more than one of them. And the
    // clock is read before: a use after this reading only makes the session less idle at it.
    const Instant now = clock_->now();
    MutexLock lock(stripe.mutex);
    for (int attempt = 0; attempt < save_attempts_max; ++attempt) {
      // Judged and removed under one lock: a use comes before the judgement or finds the session gone.
      const auto place = stripe.sessions.find(id);
      if (place == stripe.sessions.end() || !is_idle(place->second, now)) break;
      const auto written = database_->mark_deleted(id, place->second.version);
      if (!written) break;
      if (*written == Written::yes) {
        end(stripe, place->second, Queue::yes);
        ++expired;
      } else if (!reload(stripe, place->second, now)) {
        break;
      }
    }
  }
  return expired;
}

CleanupReport Manager::run_cleanup() {
  std::vector<QueuedRow> in_hand;
  {
    MutexLock lock(queue_mutex_);
    in_hand.swap(queue_);
    rows_in_hand_ += in_hand.size();
  }
  // Nobody else has these rows now, so no two passes try one at once.
  CleanupReport report;
  for (QueuedRow& row : in_hand) settle(std::move(row), report);
  return report;
}

void Manager::settle(QueuedRow row, CleanupReport& report) {
  const bool removed = database_->purge(row.id).has_value();
  ++row.tries;
  ++report.tried;
  ++(removed ? report.removed : report.failed);
  if (!removed) ++failed_cleanups_;

  MutexLock lock(queue_mutex_);
  --rows_in_hand_;
  if (removed) return;
  if (row.tries < cleanup_tries_max) {
    queue_.push_back(std::move(row));
    return;
  }
  ++report.dead_lettered;
  dead_letters_.push_back(std::move(row.id));
  if (dead_letters_.size() > dead_letters_max) {
    dead_letters_.pop_front();
    ++dead_letters_dropped_;
  }
}

// ---- counts

Stats Manager::get_stats() {
  const std::uint64_t counts = counts_;
  Stats stats;
  stats.total_sessions = counts / one_total;
  stats.active_sessions = counts & active_mask;
  stats.failed_cleanups = failed_cleanups_;
  stats.cache_hits = cache_hits_;
  stats.cache_misses = cache_misses_;
  return stats;
}

std::uint64_t Manager::get_active_count() { return counts_ & active_mask; }

std::size_t Manager::get_cleanup_queue_size() {
  MutexLock lock(queue_mutex_);
  return queue_.size() + rows_in_hand_;
}

DeadLetters Manager::dead_letters() {
  MutexLock lock(queue_mutex_);
  return {{dead_letters_.begin(), dead_letters_.end()}, dead_letters_dropped_};
}

// ---- finding, changing and ending a session

Result<Manager::Session*> Manager::find(Stripe& stripe, const SessionId& id, Found& found) {
  if (!is_well_formed(id)) return Unexpected(Error::not_found);
  const auto place = stripe.sessions.find(id);
  if (place != stripe.sessions.end()) return &place->second;

  // The stripe stays locked: whoever wants the same session waits for this fetch, and nobody can delete it between the
  // fetch and the insertion, which would revive it.
  found = Found::in_database;
  const Instant asked = clock_->now();
  auto row = database_->fetch(id);
  if (!row) return Unexpected(row.error());
  if (!*row) return Unexpected(Error::not_found);
  return &begin(stripe, std::move(**row), asked, clock_->now());
}

template <class Act>
auto Manager::with_session(const SessionId& id, Found& found, Act act)
    -> decltype(act(std::declval<Stripe&>(), std::declval<Session&>())) {
  Stripe& stripe = stripe_of(id);
  MutexLock lock(stripe.mutex);
  const auto session = find(stripe, id, found);
  if (!session) return Unexpected(session.error());
  return act(stripe, **session);
}

template <class Apply>
Result<void> Manager::change_session(const SessionId& id, Apply apply) {
  Found found = Found::in_store;
  return with_session(id, found, [&](Stripe& stripe, Session& session) -> Result<void> {
    stripe.mutex.assert_held();
    for (int attempt = 0; attempt < save_attempts_max; ++attempt) {
      const Instant now = clock_->now();
      if (!is_usable(stripe, session, now)) return Unexpected(Error::not_found);
      Session changed = session;
      apply(changed, now);
      changed.cache_time = now.steady;
      ++changed.version;
      const auto written = database_->save({changed.data, changed.version}, session.version);
      if (!written) return Unexpected(written.error());
      if (*written == Written::yes) {
        session = std::move(changed);
        return {};
      }
      if (const auto reloaded = reload(stripe, session, now); !reloaded) return reloaded;
    }
    return Unexpected(Error::database_busy);
  });
}

void Manager::refresh_from_database(const SessionId& id) {
  // Fetched without the stripe's mutex: others get the cached copy meanwhile, and may change it.
  const Instant asked = clock_->now();
  auto row = database_->fetch(id);

  Stripe& stripe = stripe_of(id);
  MutexLock lock(stripe.mutex);
  const auto place = stripe.sessions.find(id);
  if (place == stripe.sessions.end()) return;  // it ended meanwhile
  Session& session = place->second;
  session.fetching = false;
  if (!row) return;  // the cached copy has to do
  if (*row) {
    adopt(session, std::move(**row), asked, clock_->now());
  } else {
    end(stripe, session, Queue::no);
  }
}

bool Manager::is_usable(Stripe& stripe, Session& session, const Instant& now) {
  if (!is_idle(session, now)) return true;
  if (!is_stale(session, now)) return false;
  const auto reloaded = reload(stripe, session, now);
  if (!reloaded && reloaded.error() == Error::not_found) return false;  // ended: there is no session to look at
  return !is_idle(session, now);
}

bool Manager::is_idle(const Session& session, const Instant& now) const {
  return now.steady - session.last_used > settings_.idle_timeout;
}

bool Manager::is_stale(const Session& session, const Instant& now) const {
  return now.steady - session.cache_time > settings_.cache_ttl;
}

Result<void> Manager::reload(Stripe& stripe, Session& session, const Instant& now) {
  auto row = database_->fetch(session.data.session_id);
  if (!row) return Unexpected(row.error());
  if (!*row) {
    end(stripe, session, Queue::no);
    return Unexpected(Error::not_found);
  }
  adopt(session, std::move(**row), now, clock_->now());
  return {};
}

void Manager::adopt(Session& session, Row row, const Instant& asked, const Instant& now) {
  session.cache_time = asked.steady;
  // Only a greater version is news; an equal or smaller one was fetched before a change that we know of. A session that
  // has just begun has version 0.
  const bool is_new = session.version == 0;
  if (row.version <= session.version) return;

  const auto idle = std::max(std::chrono::nanoseconds::zero(), now.wall - row.data.last_activity);
  if (!is_new && session.last_used > now.steady - idle) {
    row.data.last_activity = session.data.last_activity;  // used here since the other process wrote its row
  } else {
    session.last_used = now.steady - idle;
  }
  session.data = std::move(row.data);
  session.version = row.version;
}

Manager::Session& Manager::begin(Stripe& stripe, Row row, const Instant& asked, const Instant& now) {
  Session& session = stripe.sessions[row.data.session_id];
  adopt(session, std::move(row), asked, now);
  counts_ += one_total + one_active;
  return session;
}

void Manager::end(Stripe& stripe, Session& session, Queue queue) {
  const SessionId id = session.data.session_id;
  counts_ -= one_active;
  stripe.sessions.erase(id);
  if (queue == Queue::no) return;
  MutexLock lock(queue_mutex_);
  queue_.push_back({id});
}

// ---- the worker

void Worker::start() {
  MutexLock control(control_mutex_);
  if (thread_.joinable()) return;
  {
    MutexLock lock(mutex_);
    stopping_ = false;
  }
  thread_ = std::thread([this] { run(); });
}

void Worker::stop() {
  MutexLock control(control_mutex_);
  if (!thread_.joinable()) return;
  {
    // Under the mutex: the worker has not tested the flag yet, or waits already and gets the notification.
    MutexLock lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  thread_.join();
}

void Worker::run() {
  Clock& clock = manager_.clock();
  MutexLock lock(mutex_);
  while (!stopping_) {
    const SteadyTime due = clock.now().steady + interval_;
    for (SteadyTime now = clock.now().steady; !stopping_ && now < due; now = clock.now().steady) {
      clock.wait_for(mutex_, wake_, due - now);
    }
    if (stopping_) return;
    mutex_.unlock();
    manager_.expire_idle();
    manager_.run_cleanup();
    mutex_.lock();
  }
}

// ---- what an implementation gives out

Result<std::unique_ptr<SessionManager>> make_session_manager(Dependencies dependencies) {
  auto contents = dependencies.database->load();
  if (!contents) return Unexpected(contents.error());
  return std::make_unique<Manager>(std::move(dependencies), std::move(*contents));
}

std::unique_ptr<CleanupWorker> make_cleanup_worker(SessionManager& manager, std::chrono::milliseconds interval) {
  return std::make_unique<Worker>(manager, interval);
}

SessionManager& process_instance() {
  // The language builds a local static once and makes every other caller wait for it. It is never destroyed:
  // a thread may still use it while the process ends.
  static SessionManager& instance =
      *new Manager({std::make_shared<MemoryDatabase>(), std::make_shared<SystemClock>(), {}}, {});
  return instance;
}

}  // namespace lab
