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

}  // namespace

Manager::Manager(Dependencies dependencies, Database::Contents contents)
    : database_(std::move(dependencies.database)),
      clock_(std::move(dependencies.clock)),
      settings_(dependencies.settings),
      queue_(std::move(contents.marked)) {
  const Instant now = clock_->now();
  for (Row& row : contents.live) {
    Cached& cached = store_[row.data.session_id];
    adopt(cached, std::move(row), now);
    count_begun();
  }
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
  const SessionId id = row.data.session_id;
  {
    WriterLock lock(store_mutex_);
    const auto written = database_->save(row, 0);
    if (!written) return Unexpected(written.error());
    if (*written == Written::conflict) return Unexpected(Error::database_failed);  // 122 random bits do not repeat
    adopt(store_[id], std::move(row), now);
  }
  count_begun();  // BUG B5, as in delete_session
  return id;
}

Result<SessionData> Manager::get_session(const SessionId& id) {
  const Instant now = clock_->now();
  const auto fetched = ensure_usable(id, now);
  if (!fetched) {
    ++cache_misses_;
    return Unexpected(fetched.error());
  }

  bool stale = false;
  {
    ReaderLock lock(store_mutex_);
    const auto place = store_.find(id);
    stale = place != store_.end() && is_stale(place->second, now);
  }
  // Whoever asked the database missed; whoever found another asking is served the cached copy.
  const bool asked = (stale && refresh_from_database(id, now)) || *fetched;
  {
    ReaderLock lock(store_mutex_);
    ++(asked ? cache_misses_ : cache_hits_);  // BUG B6: other readers hold the shared lock too, and count as well
  }

  // BUG B7: what was looked at above was true under a lock that is gone: the hit may turn out to be no session.
  WriterLock lock(store_mutex_);
  const auto place = store_.find(id);
  if (place == store_.end()) return Unexpected(Error::not_found);
  Cached& cached = place->second;
  cached.data.last_activity = now.wall;
  if (cached.last_used < now.steady) cached.last_used = now.steady;
  return cached.data;
}

Result<void> Manager::update_session(const SessionId& id, const std::string& key, const std::string& value) {
  if (key.empty()) return Unexpected(Error::invalid_argument);

  const Instant now = clock_->now();
  const auto set_key = [&](Cached& cached) {
    cached.data.metadata[key] = value;
    ++cached.data.access_count;
    cached.data.last_activity = now.wall;
    if (cached.last_used < now.steady) cached.last_used = now.steady;
  };
  if (const auto usable = ensure_usable(id, now); !usable) return Unexpected(usable.error());

  Cached changed;
  {
    ReaderLock lock(store_mutex_);
    const auto place = store_.find(id);
    if (place == store_.end()) return Unexpected(Error::not_found);
    changed = place->second;
  }
  set_key(changed);  // BUG B1: a copy, under no lock; writing it back undoes what others have written since

  WriterLock lock(store_mutex_);
  Cached& stored = store_[id];  // BUG B8: inserts, where the session has been deleted since
  for (int attempt = 0; attempt < save_attempts_max; ++attempt) {
    const auto saved = try_save(id, stored, changed, now);
    if (!saved) return Unexpected(saved.error());
    if (*saved) return {};
    changed = stored;
    set_key(changed);
  }
  return Unexpected(Error::database_busy);
}

Result<std::uint64_t> Manager::increment_access(const SessionId& id) {
  const Instant now = clock_->now();
  if (const auto usable = ensure_usable(id, now); !usable) return Unexpected(usable.error());

  const Cached* session = nullptr;
  {
    ReaderLock lock(store_mutex_);
    const auto place = store_.find(id);
    if (place == store_.end()) return Unexpected(Error::not_found);
    session = &place->second;
  }
  // BUG B2: the lock guarded the map, not the session: others read the same count, or delete what we point at
  std::uint64_t count = session->data.access_count + 1;

  WriterLock lock(store_mutex_);
  const auto place = store_.find(id);
  if (place == store_.end()) return Unexpected(Error::not_found);
  for (int attempt = 0; attempt < save_attempts_max; ++attempt) {
    Cached changed = place->second;
    changed.data.access_count = count;
    changed.data.last_activity = now.wall;
    if (changed.last_used < now.steady) changed.last_used = now.steady;
    const auto saved = try_save(id, place->second, std::move(changed), now);
    if (!saved) return Unexpected(saved.error());
    if (*saved) return count;
    count = place->second.data.access_count + 1;
  }
  return Unexpected(Error::database_busy);
}

Result<void> Manager::set_authenticated(const SessionId& id, bool authenticated) {
  const Instant now = clock_->now();
  if (const auto usable = ensure_usable(id, now); !usable) return Unexpected(usable.error());

  WriterLock lock(store_mutex_);
  const auto place = store_.find(id);
  if (place == store_.end()) return Unexpected(Error::not_found);
  for (int attempt = 0; attempt < save_attempts_max; ++attempt) {
    Cached changed = place->second;
    changed.data.is_authenticated = authenticated;
    const auto saved = try_save(id, place->second, std::move(changed), now);
    if (!saved) return Unexpected(saved.error());
    if (*saved) return {};
  }
  return Unexpected(Error::database_busy);
}

Result<void> Manager::delete_session(const SessionId& id) {
  const Instant now = clock_->now();
  if (const auto usable = ensure_usable(id, now); !usable) return Unexpected(usable.error());

  bool marked = false;
  {
    WriterLock lock(store_mutex_);
    for (int attempt = 0; !marked && attempt < save_attempts_max; ++attempt) {
      Cached* const cached = find_usable(id, now);
      if (cached == nullptr) return Unexpected(Error::not_found);
      const auto written = database_->mark_deleted(id, cached->version);
      if (!written) return Unexpected(written.error());
      if (*written == Written::yes) {
        store_.erase(id);
        marked = true;
      } else if (const auto reloaded = reload(id); !reloaded) {
        return reloaded;
      }
    }
  }
  if (!marked) return Unexpected(Error::database_busy);

  // BUG B5: one change in three critical sections: gone from the store, still counted, not yet queued
  count_ended();
  queue_row(id);

  if (get_cleanup_queue_size() >= cleanup_queue_pass_at) run_cleanup();
  return {};
}

// ---- operations on several

Result<void> Manager::merge_sessions(const SessionId& from, const SessionId& into) {
  if (from == into) return Unexpected(Error::same_session);

  const Instant now = clock_->now();
  if (const auto usable = ensure_usable(from, now); !usable) return Unexpected(usable.error());
  if (const auto usable = ensure_usable(into, now); !usable) return Unexpected(usable.error());

  std::shared_ptr<Mutex> from_mutex;
  std::shared_ptr<Mutex> into_mutex;
  {
    ReaderLock lock(store_mutex_);
    const auto from_place = store_.find(from);
    const auto into_place = store_.find(into);
    if (from_place == store_.end() || into_place == store_.end()) return Unexpected(Error::not_found);
    from_mutex = from_place->second.merge_mutex;
    into_mutex = into_place->second.merge_mutex;
  }
  MutexLock from_lock(*from_mutex);
  MutexLock into_lock(*into_mutex);  // BUG B9: in argument order: a merge the other way round holds this one

  bool merged = false;
  {
    WriterLock lock(store_mutex_);
    for (int attempt = 0; !merged && attempt < save_attempts_max; ++attempt) {
      Cached* const source = find_usable(from, now);
      Cached* const target = find_usable(into, now);
      if (source == nullptr || target == nullptr) return Unexpected(Error::not_found);
      Cached changed = *target;
      changed.data.metadata.insert(source->data.metadata.begin(), source->data.metadata.end());
      changed.data.access_count += source->data.access_count;
      changed.data.last_activity = now.wall;
      if (changed.last_used < now.steady) changed.last_used = now.steady;
      changed.cache_time = now.steady;
      ++changed.version;
      const auto written = database_->merge({changed.data, changed.version}, target->version, from, source->version);
      if (!written) return Unexpected(written.error());
      if (*written == Written::yes) {
        *target = std::move(changed);
        store_.erase(from);
        merged = true;
        break;
      }
      if (const auto reloaded = reload(from); !reloaded) return reloaded;
      if (const auto reloaded = reload(into); !reloaded) return reloaded;
    }
  }
  if (!merged) return Unexpected(Error::database_busy);
  count_ended();  // B5 again
  queue_row(from);
  return {};
}

std::size_t Manager::expire_idle() {
  const Instant now = clock_->now();
  std::vector<SessionId> idle;
  {
    ReaderLock lock(store_mutex_);
    for (const auto& [id, cached] : store_) {
      if (is_idle(cached, now)) idle.push_back(id);
    }
  }
  std::size_t expired = 0;
  for (const SessionId& id : idle) {
    {
      // BUG B7: judged idle under a lock that is gone; whoever has used the session since is logged out
      WriterLock lock(store_mutex_);
      const auto place = store_.find(id);
      if (place == store_.end()) continue;
      const auto written = database_->mark_deleted(id, place->second.version);
      if (!written) continue;
      if (*written == Written::conflict) {
        (void)reload(id);  // another process has changed it: the next sweep judges that copy
        continue;
      }
      store_.erase(place);
    }
    count_ended();  // B5 again
    queue_row(id);
    ++expired;
  }
  return expired;
}

CleanupReport Manager::run_cleanup() {
  MutexLock pass(pass_mutex_);
  std::vector<SessionId> queued;
  {
    MutexLock lock(queue_mutex_);
    queued = queue_;
  }
  CleanupReport report;
  for (const SessionId& id : queued) {
    ++report.tried;
    if (database_->purge(id)) {
      ++report.removed;
      MutexLock lock(queue_mutex_);
      queue_.erase(std::find(queue_.begin(), queue_.end(), id));
    } else {
      ++report.failed;
      ++failed_cleanups_;  // BUG B4: counted, and kept for ever; every pass copies and searches all that was kept
    }
  }
  return report;
}

// ---- counts

Stats Manager::get_stats() {
  MutexLock lock(stats_mutex_);
  Stats stats;
  stats.total_sessions = total_sessions_;
  stats.active_sessions = active_sessions_;
  stats.failed_cleanups = failed_cleanups_;
  stats.cache_hits = cache_hits_;
  stats.cache_misses = cache_misses_;
  return stats;
}

std::uint64_t Manager::get_active_count() {
  ReaderLock lock(store_mutex_);
  return store_.size();
}

std::size_t Manager::get_cleanup_queue_size() {
  MutexLock lock(queue_mutex_);
  return queue_.size();
}

DeadLetters Manager::dead_letters() { return {}; }  // nothing is ever given up: B4

void Manager::count_begun() {
  MutexLock lock(stats_mutex_);
  ++total_sessions_;
  ++active_sessions_;
}

void Manager::count_ended() {
  MutexLock lock(stats_mutex_);
  --active_sessions_;
}

void Manager::queue_row(const SessionId& id) {
  MutexLock lock(queue_mutex_);
  queue_.push_back(id);
}

// ---- finding, changing and ending a session

Result<bool> Manager::ensure_usable(const SessionId& id, const Instant& now) {
  if (!is_well_formed(id)) return Unexpected(Error::not_found);
  {
    ReaderLock lock(store_mutex_);
    const auto place = store_.find(id);
    if (place != store_.end() && !is_idle(place->second, now)) return false;
  }
  WriterLock lock(store_mutex_);
  if (const auto place = store_.find(id); place != store_.end()) {
    const bool asks = is_idle(place->second, now);  // else another has asked meanwhile
    if (find_usable(id, now) == nullptr) return Unexpected(Error::not_found);
    return asks;
  }
  auto row = database_->fetch(id);
  if (!row) return Unexpected(row.error());
  if (!*row) return Unexpected(Error::not_found);
  adopt(store_[id], std::move(**row), now);
  count_begun();
  if (is_idle(store_[id], now)) return Unexpected(Error::not_found);
  return true;
}

bool Manager::refresh_from_database(const SessionId& id, const Instant& now) {
  Version remembered = 0;
  {
    WriterLock lock(store_mutex_);
    const auto place = store_.find(id);
    if (place == store_.end() || place->second.fetching || !is_stale(place->second, now)) return false;
    place->second.fetching = true;
    remembered = place->second.version;
  }
  // Fetched without the lock: others get the cached copy meanwhile, and may change it.
  auto row = database_->fetch(id);

  WriterLock lock(store_mutex_);
  const auto place = store_.find(id);
  if (place == store_.end()) return true;
  Cached& cached = place->second;
  cached.fetching = false;
  if (!row) return true;  // the cached copy has to do
  if (!*row) {
    store_.erase(place);
    count_ended();
    return true;
  }
  if (cached.version >= remembered) adopt(cached, std::move(**row), clock_->now());  // BUG B3: always true
  return true;
}

bool Manager::is_idle(const Cached& cached, const Instant& now) const {
  return now.steady - cached.last_used > settings_.idle_timeout;
}

bool Manager::is_stale(const Cached& cached, const Instant& now) const {
  return now.steady - cached.cache_time > settings_.cache_ttl;
}

Manager::Cached* Manager::find_usable(const SessionId& id, const Instant& now) {
  auto place = store_.find(id);
  if (place == store_.end()) return nullptr;
  if (is_idle(place->second, now) && is_stale(place->second, now)) {
    (void)reload(id);
    place = store_.find(id);
    if (place == store_.end()) return nullptr;
  }
  return is_idle(place->second, now) ? nullptr : &place->second;
}

Result<bool> Manager::try_save(const SessionId& id, Cached& stored, Cached changed, const Instant& now) {
  changed.version = stored.version + 1;
  const auto written = database_->save({changed.data, changed.version}, stored.version);
  if (!written) return Unexpected(written.error());
  if (*written == Written::yes) {
    changed.cache_time = now.steady;
    stored = std::move(changed);
    return true;
  }
  if (const auto reloaded = reload(id); !reloaded) return Unexpected(reloaded.error());
  return false;
}

Result<void> Manager::reload(const SessionId& id) {
  auto row = database_->fetch(id);
  if (!row) return Unexpected(row.error());
  if (!*row) {
    store_.erase(id);
    count_ended();
    return Unexpected(Error::not_found);
  }
  // Not at the caller's reading of the clock: the other process may have used the session since.
  adopt(store_.at(id), std::move(**row), clock_->now());
  return {};
}

void Manager::adopt(Cached& cached, Row row, const Instant& now) const {
  const auto idle = std::max(std::chrono::nanoseconds::zero(), now.wall - row.data.last_activity);
  if (cached.version != 0 && cached.last_used > now.steady - idle) {
    row.data.last_activity = cached.data.last_activity;  // used here since the other process wrote its row
  } else {
    cached.last_used = now.steady - idle;
  }
  cached.data = std::move(row.data);
  cached.version = row.version;
  cached.cache_time = now.steady;
}

// ---- the worker

void Worker::start() {
  MutexLock control(control_mutex_);
  if (thread_.joinable()) return;
  stopping_ = false;
  thread_ = std::thread([this] { run(); });
}

void Worker::stop() {
  MutexLock control(control_mutex_);
  if (!thread_.joinable()) return;
  stopping_ = true;
  wake_.notify_all();  // BUG B10: not under the mutex: the worker may have tested the flag and not wait yet
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
  static Mutex mutex;
  static SessionManager* instance = nullptr;
  if (instance == nullptr) {  // BUG B11: read without the mutex that the write holds
    MutexLock lock(mutex);
    if (instance == nullptr) {
      instance = new Manager({std::make_shared<MemoryDatabase>(), std::make_shared<SystemClock>(), {}}, {});
    }
  }
  return *instance;
}

}  // namespace lab
