#include "session_manager.hpp"

#include <algorithm>
#include <utility>

#include "common/ids.hpp"
#include "common/memory_database.hpp"

namespace lab {
namespace {

// Counts the conflicts with other processes alone: of those here, one has been faster each time. Where another process
// wins this often, the caller gets database_busy.
constexpr int save_attempts_max = 16;

constexpr std::uint64_t one_total = std::uint64_t{1} << 32;
constexpr std::uint64_t one_active = 1;
constexpr std::uint64_t active_mask = one_total - 1;

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
  Mutex& lower_;
  Mutex& upper_;
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
      MutexLock lock(session->mutex);
      session->cached = cached_of(std::move(row), now, now);
      session->live = true;
    }
    store_.emplace(id, std::move(session));
    counts_ += one_total + one_active;
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
  {
    MutexLock lock(session->mutex);
    session->cached = cached_of(std::move(row), now, now);
    session->live = true;
  }
  WriterLock store_lock(store_mutex_);
  store_.emplace(id, session);
  counts_ += one_total + one_active;
  return id;
}

Result<SessionData> Manager::get_session(const SessionId& id) {
  Found found = Found::in_store;
  SharedSession refreshing;
  const auto serve = [&](const SharedSession& session, const Instant& now) {
    session->mutex.assert_held();
    Cached& cached = session->cached;
    if (!refreshing && !session->fetching && is_stale(cached, now)) {
      session->fetching = true;
      refreshing = session;
      return SessionData();  // not looked at: the call below comes back for it
    }
    cached.data.last_activity = now.wall;
    cached.last_used = now.steady;
    return cached.data;
  };

  Result<SessionData> data = with_usable(id, {}, found, serve);
  if (refreshing) {
    (void)reload(id, *refreshing);  // where that fails, the cached copy has to do
    {
      MutexLock lock(refreshing->mutex);
      refreshing->fetching = false;
    }
    data = with_usable(id, {}, found, serve);
  }
  const bool hit = data && !refreshing && found == Found::in_store;
  ++(hit ? cache_hits_ : cache_misses_);
  return data;
}

Result<void> Manager::update_session(const SessionId& id, const std::string& key, const std::string& value) {
  if (key.empty()) return Unexpected(Error::invalid_argument);

  return change_session(id, [&](Cached& cached, const Instant& now) {
    cached.data.metadata[key] = value;
    ++cached.data.access_count;
    cached.data.last_activity = now.wall;
    cached.last_used = now.steady;
  });
}

Result<std::uint64_t> Manager::increment_access(const SessionId& id) {
  std::uint64_t count = 0;
  const Result<void> changed = change_session(id, [&](Cached& cached, const Instant& now) {
    count = ++cached.data.access_count;
    cached.data.last_activity = now.wall;
    cached.last_used = now.steady;
  });
  if (!changed) return Unexpected(changed.error());
  return count;
}

Result<void> Manager::set_authenticated(const SessionId& id, bool authenticated) {
  return change_session(id, [&](Cached& cached, const Instant&) { cached.data.is_authenticated = authenticated; });
}

Result<void> Manager::delete_session(const SessionId& id) {
  const Result<void> ended = change_row(
      id, [&](const Cached& read, const Instant&) { return database_->mark_deleted(id, read.version); },
      [&](Session& session) {
        session.mutex.assert_held();
        end(session, Queue::yes);
      });
  if (ended && get_cleanup_queue_size() >= cleanup_queue_pass_at) run_cleanup();
  return ended;
}

// ---- operations on several

Result<void> Manager::merge_sessions(const SessionId& from, const SessionId& into) {
  if (from == into) return Unexpected(Error::same_session);

  const auto find_usable = [&](const SessionId& id, const Cached& news) {
    Found found = Found::in_store;
    return with_usable(id, news, found, [](const SharedSession& session, const Instant&) { return session; });
  };
  Cached from_news, into_news;
  for (int conflicts = 0; conflicts < save_attempts_max;) {
    // One after the other first: each may have to wait.
    const auto from_found = find_usable(from, from_news);
    if (!from_found) return Unexpected(from_found.error());
    const auto into_found = find_usable(into, into_news);
    if (!into_found) return Unexpected(into_found.error());
    Session& from_session = **from_found;
    Session& into_session = **into_found;

    Cached from_read, merged;
    Version into_version = 0;
    {
      PairLock lock(from, from_session, into, into_session);
      const Instant now = clock_->now();
      if (!is_usable(from_session, from_news, now) || !is_usable(into_session, into_news, now)) continue;
      from_read = from_session.cached;
      renew(from_read, from_news);
      merged = into_session.cached;
      renew(merged, into_news);
      into_version = merged.version;
      const SteadyTime by = std::min(from_read.last_used, merged.last_used) + settings_.idle_timeout;
      from_session.merge_by = std::min(from_session.merge_by, by);
      into_session.merge_by = std::min(into_session.merge_by, by);
      begin(from_session);
      begin(into_session);
      merged.data.last_activity = now.wall;
      merged.last_used = now.steady;
      merged.cache_time = now.steady;
    }
    merged.data.metadata.insert(from_read.data.metadata.begin(), from_read.data.metadata.end());
    merged.data.access_count += from_read.data.access_count;
    ++merged.version;
    const auto written = database_->merge({merged.data, merged.version}, into_version, from, from_read.version);
    {
      PairLock lock(from, from_session, into, into_session);
      if (written && *written == Written::yes) {
        renew(into_session.cached, merged);
        end(from_session, Queue::yes);
      }
      finish(from_session);
      finish(into_session);
    }
    if (!written) return Unexpected(written.error());
    if (*written == Written::yes) return {};
    {
      MutexLock lock(from_session.mutex);
      if (!is_changed_elsewhere(from_session, from_read.version)) continue;
    }
    {
      MutexLock lock(into_session.mutex);
      if (!is_changed_elsewhere(into_session, into_version)) continue;
    }
    ++conflicts;
    auto from_fetched = fetch(from, from_session);
    if (!from_fetched) return Unexpected(from_fetched.error());
    from_news = std::move(*from_fetched);
    auto into_fetched = fetch(into, into_session);
    if (!into_fetched) return Unexpected(into_fetched.error());
    into_news = std::move(*into_fetched);
  }
  return Unexpected(Error::database_busy);
}

std::size_t Manager::expire_idle() {
  std::vector<std::pair<SessionId, SharedSession>> sessions;
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
    for (int attempt = 0; attempt < save_attempts_max; ++attempt) {
      Version version = 0;
      {
        MutexLock lock(session.mutex);
        if (!session.live || !is_idle(session.cached.last_used, now)) break;
        version = session.cached.version;
        begin(session);
      }
      const auto written = database_->mark_deleted(id, version);
      {
        MutexLock lock(session.mutex);
        const bool marked = written && *written == Written::yes;
        if (marked) {
          end(session, Queue::yes);
          ++expired;
        }
        finish(session);
        if (!written || marked) break;
        if (!is_changed_elsewhere(session, version)) continue;
      }
      if (!reload(id, session)) break;
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

Result<Manager::SharedSession> Manager::find(const SessionId& id, Found& found) {
  if (!is_well_formed(id)) return Unexpected(Error::not_found);
  {
    ReaderLock lock(store_mutex_);
    const auto place = store_.find(id);
    if (place != store_.end()) return place->second;
  }
  return load(id, found);
}

Result<Manager::SharedSession> Manager::load(const SessionId& id, Found& found) {
  // In the store, and under way, before its row is read: whoever wants the same session waits for this fetch, and
  // nobody can delete it between the fetch and the insertion, which would revive it.
  const auto session = std::make_shared<Session>();
  {
    MutexLock lock(session->mutex);
    begin(*session);
  }
  {
    WriterLock store_lock(store_mutex_);
    const auto [place, inserted] = store_.try_emplace(id, session);
    if (!inserted) return place->second;
  }
  found = Found::in_database;
  auto fetched = fetch(id);
  MutexLock lock(session->mutex);
  if (fetched) {
    session->cached = std::move(*fetched);
    session->live = true;
    counts_ += one_total + one_active;
  } else {
    WriterLock store_lock(store_mutex_);
    store_.erase(id);
  }
  finish(*session);
  if (!fetched) return Unexpected(fetched.error());
  return session;
}

template <class Act>
auto Manager::with_usable(const SessionId& id, const Cached& news, Found& found, Act act)
    -> Result<decltype(act(std::declval<const SharedSession&>(), std::declval<const Instant&>()))> {
  for (;;) {
    const auto session = find(id, found);
    if (!session) return Unexpected(session.error());
    {
      MutexLock lock((*session)->mutex);
      Instant now = clock_->now();
      while (!is_usable(**session, news, now) && (*session)->under_way > 0) {
        (*session)->finished.wait((*session)->mutex);
        now = clock_->now();
      }
      if (is_usable(**session, news, now)) return act(*session, now);
      if (!(*session)->live) continue;  // it ended, or its loader found no row: look again
      if (!is_stale((*session)->cached, now)) return Unexpected(Error::not_found);
    }
    found = Found::in_database;
    if (!reload(id, **session)) return Unexpected(Error::not_found);
  }
}

template <class Write, class Install>
Result<void> Manager::change_row(const SessionId& id, Write write, Install install) {
  Found found = Found::in_store;
  Cached news;  // of another process: others here get it together with this change, not before
  for (int conflicts = 0; conflicts < save_attempts_max;) {
    Cached read;
    Instant begun;
    const auto session = with_usable(id, news, found, [&](const SharedSession& usable, const Instant& now) {
      usable->mutex.assert_held();
      begin(*usable);
      read = usable->cached;
      begun = now;
      return usable;
    });
    if (!session) return Unexpected(session.error());
    renew(read, news);
    const auto written = write(read, begun);
    {
      MutexLock lock((*session)->mutex);
      if (written && *written == Written::yes) install(**session);
      finish(**session);
      if (!written) return Unexpected(written.error());
      if (*written == Written::yes) return {};
      if (!is_changed_elsewhere(**session, read.version)) continue;
    }
    ++conflicts;
    auto fetched = fetch(id, **session);
    if (!fetched) return Unexpected(fetched.error());
    news = std::move(*fetched);
  }
  return Unexpected(Error::database_busy);
}

template <class Apply>
Result<void> Manager::change_session(const SessionId& id, Apply apply) {
  Cached changed;
  return change_row(
      id,
      [&](const Cached& read, const Instant& now) {
        changed = read;
        apply(changed, now);
        changed.cache_time = now.steady;
        ++changed.version;
        return database_->save({changed.data, changed.version}, read.version);
      },
      [&](Session& session) {
        session.mutex.assert_held();
        renew(session.cached, changed);
      });
}

void Manager::finish(Session& session) {
  if (--session.under_way == 0) session.merge_by = SteadyTime::max();
  session.finished.notify_all();
}

bool Manager::is_changed_elsewhere(Session& session, Version version) {
  const auto is_changed_here = [&] {
    session.mutex.assert_held();
    return !session.live || session.cached.version > version;
  };
  while (!is_changed_here() && session.under_way > 0) session.finished.wait(session.mutex);
  return !is_changed_here();
}

bool Manager::is_usable(const Session& session, const Cached& news, const Instant& now) const {
  return session.live && !is_idle(last_use(session.cached, news), now) && now.steady <= session.merge_by;
}

bool Manager::is_idle(SteadyTime last_used, const Instant& now) const {
  return now.steady - last_used > settings_.idle_timeout;
}

bool Manager::is_stale(const Cached& cached, const Instant& now) const {
  return now.steady - cached.cache_time > settings_.cache_ttl;
}

SteadyTime Manager::last_use(const Cached& cached, const Cached& news) {
  return news.version > cached.version ? std::max(cached.last_used, news.last_used) : cached.last_used;
}

Result<Manager::Cached> Manager::fetch(const SessionId& id) {
  const Instant asked = clock_->now();
  auto row = database_->fetch(id);
  if (!row) return Unexpected(row.error());
  if (!*row) return Unexpected(Error::not_found);
  return cached_of(std::move(**row), asked, clock_->now());
}

Result<Manager::Cached> Manager::fetch(const SessionId& id, Session& session) {
  Result<Cached> fetched = fetch(id);
  if (!fetched && fetched.error() != Error::not_found) return fetched;
  MutexLock lock(session.mutex);
  // If one who is under way has written this row, he puts it in place, a merge in both its sessions at once; if he has
  // marked it, he ends the session and queues the row.
  while (session.live && (!fetched || fetched->version > session.cached.version) && session.under_way > 0)
    session.finished.wait(session.mutex);
  if (!fetched && session.live) end(session, Queue::no);  // the process that has marked it purges it
  return fetched;
}

Result<void> Manager::reload(const SessionId& id, Session& session) {
  const Result<Cached> fetched = fetch(id, session);
  if (!fetched) return Unexpected(fetched.error());
  MutexLock lock(session.mutex);
  if (session.live) renew(session.cached, *fetched);
  return {};
}

Manager::Cached Manager::cached_of(Row row, const Instant& asked, const Instant& now) {
  const auto idle = std::max(std::chrono::nanoseconds::zero(), now.wall - row.data.last_activity);
  return {std::move(row.data), row.version, asked.steady, now.steady - idle};
}

void Manager::renew(Cached& cached, const Cached& news) {
  const SteadyTime cache_time = std::max(cached.cache_time, news.cache_time);
  // Only a greater version is news; an equal or smaller one was fetched before a change that we know of.
  if (news.version > cached.version) {
    const SteadyTime last_used = cached.last_used;
    const WallTime last_activity = cached.data.last_activity;
    cached = news;
    if (last_used > news.last_used) {  // it was used here since
      cached.last_used = last_used;
      cached.data.last_activity = last_activity;
    }
  }
  cached.cache_time = cache_time;
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
