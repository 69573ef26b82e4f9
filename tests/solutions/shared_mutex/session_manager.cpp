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

// They tell the analysis, which can't follow a mutex into a lambda's body, in which way the caller holds it.
void assert_held(SharedMutex& mutex) LAB_ASSERT_CAPABILITY(mutex);
void assert_held(SharedMutex&) {}
void assert_shared(SharedMutex& mutex) LAB_ATTRIBUTE(assert_shared_capability(mutex));
void assert_shared(SharedMutex&) {}

}  // namespace

class LAB_SCOPED_CAPABILITY Manager::PairLock {
public:
  // Both bodies are left out of the analysis, which can't see that {lower, upper} are {a, b}.
  PairLock(const SessionId& a_id, Session& a, const SessionId& b_id, Session& b) LAB_ACQUIRE(a.mutex, b.mutex)
      LAB_NO_THREAD_SAFETY_ANALYSIS : lower_(a_id < b_id ? a.mutex : b.mutex),
                                      upper_(a_id < b_id ? b.mutex : a.mutex) {
    lower_.lock();
    upper_.lock();
  }
  ~PairLock() LAB_RELEASE() LAB_NO_THREAD_SAFETY_ANALYSIS {
    upper_.unlock();
    lower_.unlock();
  }
  PairLock(const PairLock&) = delete;
  PairLock& operator=(const PairLock&) = delete;

private:
  SharedMutex& lower_;
  SharedMutex& upper_;
};

Manager::Manager(Dependencies dependencies, Database::Contents contents)
    : database_(std::move(dependencies.database)),
      clock_(std::move(dependencies.clock)),
      settings_(dependencies.settings) {
  const Instant now = clock_->now();
  for (Row& row : contents.live) {
    const SessionId id = row.data.session_id;
    auto session = std::make_shared<Session>();
    {
      WriterLock lock(session->mutex);
      adopt(*session, std::move(row), now, now);
    }
    store_.emplace(id, std::move(session));
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

  const SessionId id = row.data.session_id;
  const auto session = std::make_shared<Session>();
  WriterLock lock(session->mutex);
  adopt(*session, std::move(row), now, now);
  WriterLock store_lock(store_mutex_);
  store_.emplace(id, session);
  return id;
}

Result<SessionData> Manager::get_session(const SessionId& id) {
  Found found = Found::in_store;
  bool refresh = false;
  Result<SessionData> data = look_at(id, found, refresh);
  if (refresh) {
    refresh_from_database(id);
    data = look_at(id, found, refresh);
  }
  const bool hit = data && !refresh && found == Found::in_store;
  ++(hit ? cache_hits_ : cache_misses_);
  return data;
}

Result<void> Manager::update_session(const SessionId& id, const std::string& key, const std::string& value) {
  if (key.empty()) return Unexpected(Error::invalid_argument);

  return change_session(id, Use::yes, [&](SessionData& data) {
    data.metadata[key] = value;
    ++data.access_count;
  });
}

Result<std::uint64_t> Manager::increment_access(const SessionId& id) {
  std::uint64_t count = 0;
  const Result<void> changed = change_session(id, Use::yes, [&](SessionData& data) { count = ++data.access_count; });
  if (!changed) return Unexpected(changed.error());
  return count;
}

Result<void> Manager::set_authenticated(const SessionId& id, bool authenticated) {
  return change_session(id, Use::no, [&](SessionData& data) { data.is_authenticated = authenticated; });
}

Result<void> Manager::delete_session(const SessionId& id) {
  Found found = Found::in_store;
  const auto mark = [&](Session& session) -> Result<void> {
    assert_held(session.mutex);
    for (int attempt = 0; attempt < save_attempts_max; ++attempt) {
      const Instant now = clock_->now();
      if (!is_usable(session, now)) return Unexpected(Error::not_found);
      const auto written = database_->mark_deleted(id, session.cached.version);
      if (!written) return Unexpected(written.error());
      if (*written == Written::yes) {
        end(session, Queue::yes);
        return {};
      }
      if (const auto reloaded = reload(session, now); !reloaded) return reloaded;
    }
    return Unexpected(Error::database_busy);
  };
  const Result<void> ended = with_session<WriterLock>(id, found, mark);
  if (ended && get_cleanup_queue_size() >= cleanup_queue_pass_at) run_cleanup();
  return ended;
}

// ---- operations on several

Result<void> Manager::merge_sessions(const SessionId& from, const SessionId& into) {
  if (from == into) return Unexpected(Error::same_session);

  for (;;) {
    Found found = Found::in_store;
    const auto from_found = find(from, found);
    if (!from_found) return Unexpected(from_found.error());
    const auto into_found = find(into, found);
    if (!into_found) return Unexpected(into_found.error());
    Session& from_session = **from_found;
    Session& into_session = **into_found;

    PairLock lock(from, from_session, into, into_session);
    if (!from_session.live || !into_session.live) continue;  // ended meanwhile, or never was: look again

    for (int attempt = 0; attempt < save_attempts_max; ++attempt) {
      const Instant now = clock_->now();
      if (!is_usable(from_session, now) || !is_usable(into_session, now)) return Unexpected(Error::not_found);
      Cached merged = into_session.cached;
      merged.data.metadata.insert(from_session.cached.data.metadata.begin(), from_session.cached.data.metadata.end());
      merged.data.access_count += from_session.cached.data.access_count;
      merged.data.last_activity = now.wall;
      merged.cache_time = now.steady;
      ++merged.version;
      const auto written = database_->merge({merged.data, merged.version}, into_session.cached.version, from,
                                            from_session.cached.version);
      if (!written) return Unexpected(written.error());
      if (*written == Written::yes) {
        into_session.cached = std::move(merged);
        stamp_use(into_session, now);
        end(from_session, Queue::yes);
        return {};
      }
      if (const auto reloaded = reload(from_session, now); !reloaded) return reloaded;
      if (const auto reloaded = reload(into_session, now); !reloaded) return reloaded;
    }
    return Unexpected(Error::database_busy);
  }
}

std::size_t Manager::expire_idle() {
  std::vector<std::pair<SessionId, std::shared_ptr<Session>>> sessions;
  {
    ReaderLock lock(store_mutex_);
    sessions.assign(store_.begin(), store_.end());
  }
  std::size_t expired = 0;
  for (const auto& [id, found] : sessions) {
    Session& session = *found;
    // Read before the lock, so that a slow clock holds up no session that is not idle. A use after this reading
    // only makes the session less idle at it.
    const Instant now = clock_->now();
    WriterLock lock(session.mutex);
    for (int attempt = 0; session.live && attempt < save_attempts_max; ++attempt) {
      // Judged and removed under one lock: a use comes before the judgement or finds the session gone.
      if (!is_idle(session, now)) break;
      const auto written = database_->mark_deleted(id, session.cached.version);
      if (!written) break;
      if (*written == Written::yes) {
        end(session, Queue::yes);
        ++expired;
      } else if (!reload(session, now)) {
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

Result<std::shared_ptr<Manager::Session>> Manager::find(const SessionId& id, Found& found) {
  if (!is_well_formed(id)) return Unexpected(Error::not_found);
  {
    ReaderLock lock(store_mutex_);
    const auto place = store_.find(id);
    if (place != store_.end()) return place->second;
  }
  return load(id, found);
}

Result<std::shared_ptr<Manager::Session>> Manager::load(const SessionId& id, Found& found) {
  // In the store before its row is read, and locked until then: whoever wants the same session waits for
  // this fetch, and nobody can delete it between the fetch and the insertion, which would revive it.
  const auto session = std::make_shared<Session>();
  WriterLock lock(session->mutex);
  {
    WriterLock store_lock(store_mutex_);
    const auto [place, inserted] = store_.try_emplace(id, session);
    if (!inserted) return place->second;
  }
  found = Found::in_database;
  const Instant asked = clock_->now();
  auto row = database_->fetch(id);
  if (row && *row) {
    adopt(*session, std::move(**row), asked, clock_->now());
    return session;
  }
  WriterLock store_lock(store_mutex_);
  store_.erase(id);
  return Unexpected(row ? Error::not_found : row.error());
}

template <class Lock, class Act>
auto Manager::with_session(const SessionId& id, Found& found, Act act) -> decltype(act(std::declval<Session&>())) {
  for (;;) {
    const auto session = find(id, found);
    if (!session) return Unexpected(session.error());
    Lock lock((*session)->mutex);
    if ((*session)->live) return act(**session);
    // It ended, or its loader found no row, between being found and being locked: look again.
  }
}

Result<SessionData> Manager::look_at(const SessionId& id, Found& found, bool& refresh) {
  bool seems_idle = false;
  const auto glance = [&](Session& session) -> Result<SessionData> {
    assert_shared(session.mutex);
    const Instant now = clock_->now();
    if (!refresh && begin_fetch(session, now)) {
      refresh = true;
      return Unexpected(Error::not_found);
    }
    seems_idle = is_idle(session, now);
    if (seems_idle) return Unexpected(Error::not_found);
    return use(session, now);
  };
  const auto judge = [&](Session& session) -> Result<SessionData> {
    assert_held(session.mutex);
    const Instant now = clock_->now();
    if (!refresh && begin_fetch(session, now)) {
      refresh = true;
      return Unexpected(Error::not_found);
    }
    if (!is_usable(session, now)) return Unexpected(Error::not_found);
    return use(session, now);
  };

  Result<SessionData> data = with_session<ReaderLock>(id, found, glance);
  if (seems_idle) data = with_session<WriterLock>(id, found, judge);
  return data;
}

template <class Apply>
Result<void> Manager::change_session(const SessionId& id, Use use, Apply apply) {
  Found found = Found::in_store;
  return with_session<WriterLock>(id, found, [&](Session& session) -> Result<void> {
    assert_held(session.mutex);
    for (int attempt = 0; attempt < save_attempts_max; ++attempt) {
      const Instant now = clock_->now();
      if (!is_usable(session, now)) return Unexpected(Error::not_found);
      Cached changed = session.cached;
      apply(changed.data);
      changed.data.last_activity = use == Use::yes ? now.wall : last_use_of(session).wall;
      changed.cache_time = now.steady;
      ++changed.version;
      const auto written = database_->save({changed.data, changed.version}, session.cached.version);
      if (!written) return Unexpected(written.error());
      if (*written == Written::yes) {
        session.cached = std::move(changed);
        if (use == Use::yes) stamp_use(session, now);
        return {};
      }
      if (const auto reloaded = reload(session, now); !reloaded) return reloaded;
    }
    return Unexpected(Error::database_busy);
  });
}

void Manager::refresh_from_database(const SessionId& id) {
  // Fetched without the session's mutex: others get the cached copy meanwhile, and may change it.
  const Instant asked = clock_->now();
  auto row = database_->fetch(id);

  Found found = Found::in_store;
  const auto take = [&](Session& session) -> Result<void> {
    assert_held(session.mutex);
    session.fetching = false;
    if (!row) return {};  // the cached copy has to do
    if (!*row) {
      end(session, Queue::no);
      return {};
    }
    adopt(session, std::move(**row), asked, clock_->now());
    return {};
  };
  (void)with_session<WriterLock>(id, found, take);
}

bool Manager::is_usable(Session& session, const Instant& now) {
  if (session.live && is_idle(session, now) && is_stale(session.cached, now)) (void)reload(session, now);
  return session.live && !is_idle(session, now);
}

bool Manager::is_idle(Session& session, const Instant& now) const {
  return now.steady - last_use_of(session).steady > settings_.idle_timeout;
}

bool Manager::is_stale(const Cached& cached, const Instant& now) const {
  return now.steady - cached.cache_time > settings_.cache_ttl;
}

bool Manager::begin_fetch(Session& session, const Instant& now) const {
  return is_stale(session.cached, now) && !session.fetching.exchange(true);
}

SessionData Manager::use(Session& session, const Instant& now) {
  stamp_use(session, now);
  SessionData data = session.cached.data;
  data.last_activity = now.wall;
  return data;
}

void Manager::stamp_use(Session& session, const Instant& now) {
  MutexLock lock(session.use_mutex);
  // A get that shares the lock may have read the clock later than this one and have stamped already.
  if (now.steady >= session.last_use.steady) session.last_use = now;
}

Instant Manager::last_use_of(Session& session) {
  MutexLock lock(session.use_mutex);
  return session.last_use;
}

Result<void> Manager::reload(Session& session, const Instant& now) {
  auto row = database_->fetch(session.cached.data.session_id);
  if (!row) return Unexpected(row.error());
  if (!*row) {
    end(session, Queue::no);
    return Unexpected(Error::not_found);
  }
  adopt(session, std::move(**row), now, clock_->now());
  return {};
}

void Manager::adopt(Session& session, Row row, const Instant& asked, const Instant& now) {
  Cached& cached = session.cached;
  cached.cache_time = asked.steady;
  // Only a greater version is news; an equal or smaller one was fetched before a change that we know of.
  if (session.live && row.version <= cached.version) return;

  const auto idle = std::max(std::chrono::nanoseconds::zero(), now.wall - row.data.last_activity);
  {
    MutexLock lock(session.use_mutex);
    // Where it was used here since the other process wrote its row, that use is the last.
    if (!session.live || session.last_use.steady <= now.steady - idle)
      session.last_use = {now.steady - idle, row.data.last_activity};
  }
  cached.data = std::move(row.data);
  cached.version = row.version;
  if (session.live) return;
  session.live = true;
  counts_ += one_total + one_active;
}

void Manager::end(Session& session, Queue queue) {
  const SessionId id = session.cached.data.session_id;
  session.live = false;
  counts_ -= one_active;
  {
    WriterLock lock(store_mutex_);
    store_.erase(id);
  }
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
