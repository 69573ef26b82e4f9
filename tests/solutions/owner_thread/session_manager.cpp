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

// Of the process-wide manager's owner: long against what it takes to make a thread, which the next command does.
constexpr std::chrono::milliseconds instance_idle_max = std::chrono::seconds(1);

}  // namespace

// ---- callers and owner

Manager::Manager(Dependencies dependencies, Database::Contents contents,
                 std::optional<std::chrono::milliseconds> idle_max)
    : database_(dependencies.database),
      clock_(dependencies.clock),
      idle_max_(idle_max),
      store_(dependencies, std::move(contents)) {}

Manager::~Manager() {
  std::thread owner;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    sent_.notify_one();
    owner.swap(owner_);
  }
  if (owner.joinable()) owner.join();
}

void Manager::send_and_wait(Command& command) {
  MutexLock lock(mutex_);
  if (!owner_.joinable()) owner_ = std::thread([this] { serve(); });
  commands_.push_back(&command);
  sent_.notify_one();
  while (!command.done) command.answered.wait(mutex_);
}

void Manager::serve() {
  MutexLock lock(mutex_);
  for (;;) {
    bool rested = false;
    while (commands_.empty() && !stopping_ && !rested) {
      if (idle_max_) {
        rested = sent_.wait_for(mutex_, *idle_max_) == std::cv_status::timeout;
      } else {
        sent_.wait(mutex_);
      }
    }
    if (commands_.empty()) {
      // Whoever destroys the manager has taken the thread and joins it. One that ends of itself is joined by nobody,
      // and touches nothing of the manager after it has let go of the mutex.
      if (owner_.joinable()) owner_.detach();
      return;
    }
    Command& command = *commands_.front();
    commands_.pop_front();
    mutex_.unlock();
    try {
      command.run();
    } catch (...) {
      command.thrown = std::current_exception();
    }
    mutex_.lock();
    command.done = true;
    // Under the mutex: once it is let go the caller may return, and the command be gone.
    command.answered.notify_one();
  }
}

template <class Act>
auto Manager::ask(Act act) {
  std::optional<decltype(act(store_))> answer;
  Command command;
  command.run = [&] { answer.emplace(act(store_)); };
  send_and_wait(command);
  if (command.thrown) std::rethrow_exception(command.thrown);
  return std::move(*answer);
}

Result<SessionId> Manager::create_session(const std::string& user_id, const std::string& username) {
  return ask([&](Store& store) { return store.create(user_id, username); });
}

Result<SessionData> Manager::get_session(const SessionId& id) {
  bool refresh = false;
  Result<SessionData> data = ask([&](Store& store) { return store.get(id, refresh); });
  if (!refresh) return data;
  // Fetched by the caller's thread and not by the owner's: others get the cached copy meanwhile, and may change it.
  const Instant asked = clock_->now();
  auto row = database_->fetch(id);
  return ask([&](Store& store) { return store.get_refreshed(id, asked, std::move(row)); });
}

Result<void> Manager::update_session(const SessionId& id, const std::string& key, const std::string& value) {
  return ask([&](Store& store) { return store.update(id, key, value); });
}

Result<std::uint64_t> Manager::increment_access(const SessionId& id) {
  return ask([&](Store& store) { return store.increment(id); });
}

Result<void> Manager::set_authenticated(const SessionId& id, bool authenticated) {
  return ask([&](Store& store) { return store.set_authenticated(id, authenticated); });
}

Result<void> Manager::delete_session(const SessionId& id) {
  return ask([&](Store& store) { return store.remove(id); });
}

Result<void> Manager::merge_sessions(const SessionId& from, const SessionId& into) {
  return ask([&](Store& store) { return store.merge(from, into); });
}

std::size_t Manager::expire_idle() {
  return ask([](Store& store) { return store.expire_idle(); });
}

CleanupReport Manager::run_cleanup() {
  return ask([](Store& store) { return store.run_cleanup(); });
}

Stats Manager::get_stats() {
  return ask([](Store& store) { return store.stats(); });
}

std::uint64_t Manager::get_active_count() { return get_stats().active_sessions; }

std::size_t Manager::get_cleanup_queue_size() {
  return ask([](Store& store) { return store.queue_size(); });
}

DeadLetters Manager::dead_letters() {
  return ask([](Store& store) { return store.dead_letters(); });
}

// ---- the store: operations on one session

Store::Store(const Dependencies& dependencies, Database::Contents contents)
    : database_(dependencies.database), clock_(dependencies.clock), settings_(dependencies.settings) {
  const Instant now = clock_->now();
  for (Row& row : contents.live) begin(std::move(row), now, now);
  for (SessionId& id : contents.marked) queue_.push_back({std::move(id)});
}

Result<SessionId> Store::create(const std::string& user_id, const std::string& username) {
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

  return begin(std::move(row), now, now).data.session_id;
}

Result<SessionData> Store::get(const SessionId& id, bool& refresh) {
  Found found = Found::in_store;
  const auto place = find(id, found);
  if (!place) return count(Unexpected(place.error()), false);
  Session& session = **place;
  const Instant now = clock_->now();
  if (!session.fetching && is_stale(session, now)) {
    session.fetching = refresh = true;
    return Unexpected(Error::not_found);
  }
  if (!is_usable(session, now)) return count(Unexpected(Error::not_found), false);
  use(session, now);
  return count(session.data, found == Found::in_store);
}

Result<SessionData> Store::get_refreshed(const SessionId& id, const Instant& asked, Result<std::optional<Row>> row) {
  const auto place = sessions_.find(id);
  if (place == sessions_.end()) return count(Unexpected(Error::not_found), false);  // it ended meanwhile
  Session& session = place->second;
  session.fetching = false;
  if (row && !*row) {
    end(session, Queue::no);
    return count(Unexpected(Error::not_found), false);
  }
  if (row) adopt(session, std::move(**row), asked, clock_->now());  // else the cached copy has to do
  const Instant now = clock_->now();
  if (!is_usable(session, now)) return count(Unexpected(Error::not_found), false);
  use(session, now);
  return count(session.data, false);
}

void Store::use(Session& session, const Instant& now) {
  session.data.last_activity = now.wall;
  session.last_used = now.steady;
}

Result<SessionData> Store::count(Result<SessionData> data, bool hit) {
  ++(hit ? stats_.cache_hits : stats_.cache_misses);
  return data;
}

Result<void> Store::update(const SessionId& id, const std::string& key, const std::string& value) {
  if (key.empty()) return Unexpected(Error::invalid_argument);

  return change(id, [&](Session& session, const Instant& now) {
    session.data.metadata[key] = value;
    ++session.data.access_count;
    use(session, now);
  });
}

Result<std::uint64_t> Store::increment(const SessionId& id) {
  std::uint64_t count = 0;
  const Result<void> changed = change(id, [&](Session& session, const Instant& now) {
    count = ++session.data.access_count;
    use(session, now);
  });
  if (!changed) return Unexpected(changed.error());
  return count;
}

Result<void> Store::set_authenticated(const SessionId& id, bool authenticated) {
  return change(id, [&](Session& session, const Instant&) { session.data.is_authenticated = authenticated; });
}

Result<void> Store::remove(const SessionId& id) {
  Found found = Found::in_store;
  const auto place = find(id, found);
  if (!place) return Unexpected(place.error());
  Session& session = **place;
  for (int attempt = 0; attempt < save_attempts_max; ++attempt) {
    const Instant now = clock_->now();
    if (!is_usable(session, now)) return Unexpected(Error::not_found);
    const auto written = database_->mark_deleted(id, session.version);
    if (!written) return Unexpected(written.error());
    if (*written == Written::yes) {
      end(session, Queue::yes);
      if (queue_.size() >= cleanup_queue_pass_at) run_cleanup();
      return {};
    }
    if (const auto reloaded = reload(session, now); !reloaded) return reloaded;
  }
  return Unexpected(Error::database_busy);
}

// ---- the store: operations on several

Result<void> Store::merge(const SessionId& from, const SessionId& into) {
  if (from == into) return Unexpected(Error::same_session);

  Found found = Found::in_store;
  const auto from_found = find(from, found);
  if (!from_found) return Unexpected(from_found.error());
  const auto into_found = find(into, found);
  if (!into_found) return Unexpected(into_found.error());
  Session& from_session = **from_found;
  Session& into_session = **into_found;

  for (int attempt = 0; attempt < save_attempts_max; ++attempt) {
    const Instant now = clock_->now();
    if (!is_usable(from_session, now) || !is_usable(into_session, now)) return Unexpected(Error::not_found);
    Session merged = into_session;
    merged.data.metadata.insert(from_session.data.metadata.begin(), from_session.data.metadata.end());
    merged.data.access_count += from_session.data.access_count;
    use(merged, now);
    merged.cache_time = now.steady;
    ++merged.version;
    const auto written =
        database_->merge({merged.data, merged.version}, into_session.version, from, from_session.version);
    if (!written) return Unexpected(written.error());
    if (*written == Written::yes) {
      into_session = std::move(merged);
      end(from_session, Queue::yes);
      return {};
    }
    if (const auto reloaded = reload(from_session, now); !reloaded) return reloaded;
    if (const auto reloaded = reload(into_session, now); !reloaded) return reloaded;
  }
  return Unexpected(Error::database_busy);
}

std::size_t Store::expire_idle() {
  std::vector<SessionId> ids;  // the ends of sessions would break a loop over the sessions themselves
  for (const auto& [id, session] : sessions_) ids.push_back(id);
  std::size_t expired = 0;
  for (const SessionId& id : ids) {
    const Instant now = clock_->now();
    for (int attempt = 0; attempt < save_attempts_max; ++attempt) {
      Session& session = sessions_.at(id);
      if (!is_idle(session, now)) break;
      const auto written = database_->mark_deleted(id, session.version);
      if (!written) break;
      if (*written == Written::yes) {
        end(session, Queue::yes);
        ++expired;
        break;
      }
      if (!reload(session, now)) break;
    }
  }
  return expired;
}

CleanupReport Store::run_cleanup() {
  CleanupReport report;
  for (QueuedRow& row : std::exchange(queue_, {})) {
    const bool removed = database_->purge(row.id).has_value();
    ++row.tries;
    ++report.tried;
    ++(removed ? report.removed : report.failed);
    if (removed) continue;
    ++stats_.failed_cleanups;
    if (row.tries < cleanup_tries_max) {
      queue_.push_back(std::move(row));
      continue;
    }
    ++report.dead_lettered;
    dead_letters_.push_back(std::move(row.id));
    if (dead_letters_.size() > dead_letters_max) {
      dead_letters_.pop_front();
      ++dead_letters_dropped_;
    }
  }
  return report;
}

// ---- the store: finding, changing and ending a session

Result<Store::Session*> Store::find(const SessionId& id, Found& found) {
  if (!is_well_formed(id)) return Unexpected(Error::not_found);
  const auto place = sessions_.find(id);
  if (place != sessions_.end()) return &place->second;

  // By the owner, so that nobody can delete it between the fetch and the insertion, which would revive it.
  found = Found::in_database;
  const Instant asked = clock_->now();
  auto row = database_->fetch(id);
  if (!row) return Unexpected(row.error());
  if (!*row) return Unexpected(Error::not_found);
  return &begin(std::move(**row), asked, clock_->now());
}

template <class Apply>
Result<void> Store::change(const SessionId& id, Apply apply) {
  Found found = Found::in_store;
  const auto place = find(id, found);
  if (!place) return Unexpected(place.error());
  Session& session = **place;
  for (int attempt = 0; attempt < save_attempts_max; ++attempt) {
    const Instant now = clock_->now();
    if (!is_usable(session, now)) return Unexpected(Error::not_found);
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
    if (const auto reloaded = reload(session, now); !reloaded) return reloaded;
  }
  return Unexpected(Error::database_busy);
}

bool Store::is_usable(Session& session, const Instant& now) {
  if (!is_idle(session, now)) return true;
  if (!is_stale(session, now)) return false;
  const auto reloaded = reload(session, now);
  if (!reloaded && reloaded.error() == Error::not_found) return false;  // ended: there is no session to look at
  return !is_idle(session, now);
}

bool Store::is_idle(const Session& session, const Instant& now) const {
  return now.steady - session.last_used > settings_.idle_timeout;
}

bool Store::is_stale(const Session& session, const Instant& now) const {
  return now.steady - session.cache_time > settings_.cache_ttl;
}

Result<void> Store::reload(Session& session, const Instant& now) {
  auto row = database_->fetch(session.data.session_id);
  if (!row) return Unexpected(row.error());
  if (!*row) {
    end(session, Queue::no);
    return Unexpected(Error::not_found);
  }
  adopt(session, std::move(**row), now, clock_->now());
  return {};
}

void Store::adopt(Session& session, Row row, const Instant& asked, const Instant& now) {
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

Store::Session& Store::begin(Row row, const Instant& asked, const Instant& now) {
  Session& session = sessions_[row.data.session_id];
  adopt(session, std::move(row), asked, now);
  ++stats_.total_sessions;
  ++stats_.active_sessions;
  return session;
}

void Store::end(Session& session, Queue queue) {
  const SessionId id = session.data.session_id;
  --stats_.active_sessions;
  sessions_.erase(id);
  if (queue == Queue::yes) queue_.push_back({id});
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
  // a thread may still use it while the process ends. So nobody tells its owner to stop, and it ends by itself.
  static SessionManager& instance =
      *new Manager({std::make_shared<MemoryDatabase>(), std::make_shared<SystemClock>(), {}}, {}, instance_idle_max);
  return instance;
}

}  // namespace lab
