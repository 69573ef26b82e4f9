#include "session_manager.hpp"

#include <algorithm>
#include <utility>

#include "common/ids.hpp"
#include "common/memory_database.hpp"

namespace lab {
namespace {

// Each conflict means that another process has changed the row meanwhile: here a session's writers take turns. Where
// one wins this often running, the caller gets database_busy.
constexpr int save_attempts_max = 16;

constexpr std::uint64_t one_total = std::uint64_t{1} << 32;
constexpr std::uint64_t one_active = 1;
constexpr std::uint64_t active_mask = one_total - 1;

}  // namespace

class LAB_SCOPED_CAPABILITY Manager::PairLock {
public:
  // Both bodies are left out of the analysis, which can't see that {lower, upper} are {a, b}.
  PairLock(const SessionId& a_id, Session& a, const SessionId& b_id, Session& b) LAB_ACQUIRE(a.writer, b.writer)
      LAB_NO_THREAD_SAFETY_ANALYSIS : lower_(a_id < b_id ? a.writer : b.writer),
                                      upper_(a_id < b_id ? b.writer : a.writer) {
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

class Manager::Closed {
public:
  explicit Closed(Session& session) LAB_REQUIRES(session.writer) : state(*session.close()), session_(session) {}
  ~Closed() {
    session_.writer.assert_held();
    if (!ended) session_.open(std::move(state));
  }
  Closed(const Closed&) = delete;
  Closed& operator=(const Closed&) = delete;

  const SessionId& id() const { return state.row->data.session_id; }

  State state;  // with every use there was; what it is when the session is opened again
  bool ended = false;

private:
  Session& session_;
};

Manager::Manager(Dependencies dependencies, Database::Contents contents)
    : database_(std::move(dependencies.database)),
      clock_(std::move(dependencies.clock)),
      settings_(dependencies.settings) {
  const Instant now = clock_->now();
  for (Row& row : contents.live) {
    const SessionId id = row.data.session_id;
    store_.emplace(id, std::make_shared<Session>(state_of({std::make_shared<const Row>(std::move(row)), now, now})));
    counts_ += one_total + one_active;
  }
  for (SessionId& id : contents.marked) queue_.push_back({std::move(id)});
}

// ---- operations on one session

Result<SessionId> Manager::create_session(const std::string& user_id, const std::string& username) {
  if (user_id.empty() || username.empty()) return Unexpected(Error::invalid_argument);

  const Instant now = clock_->now();
  const auto row = std::make_shared<Row>();
  row->data.session_id = new_session_id();
  row->data.user_id = user_id;
  row->data.username = username;
  row->data.login_time = now.wall;
  row->data.last_activity = now.wall;
  row->data.is_authenticated = true;
  row->version = 1;
  const auto written = database_->save(*row, 0);
  if (!written) return Unexpected(written.error());
  if (*written == Written::conflict) return Unexpected(Error::database_failed);  // 122 random bits do not repeat

  const SessionId id = row->data.session_id;
  auto session = std::make_shared<Session>(state_of({row, now, now}));
  WriterLock lock(store_mutex_);
  store_.emplace(id, std::move(session));
  counts_ += one_total + one_active;
  return id;
}

Result<SessionData> Manager::get_session(const SessionId& id) {
  Found found = Found::in_store;
  bool refreshed = false;
  Result<SessionData> data = use(id, found, refreshed);
  const bool hit = data && !refreshed && found == Found::in_store;
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
  const Result<void> ended = with_session(id, [&](Session& session) -> Result<void> {
    session.writer.assert_held();
    News news;
    for (int attempt = 0; attempt < save_attempts_max; ++attempt) {
      Instant now;
      const auto state = usable(session, news, now);
      if (!state) return Unexpected(Error::not_found);
      const auto written = database_->mark_deleted(id, state->row->version);
      if (!written) return Unexpected(written.error());
      if (*written == Written::yes) {
        Closed closed(session);  // not before: readers need not wait for the mark
        end(closed, Queue::yes);
        return {};
      }
      if (const auto read = read_again(session, id, news); !read) return read;
    }
    return Unexpected(Error::database_busy);
  });
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
    if (!from_session.load() || !into_session.load()) continue;  // ended meanwhile, or never was: look again

    // Both stay closed while the rows are written. Else a use of the one could be noted at a time at which the other
    // is idle already, and then there is no instant for this merge that comes after the use.
    Closed from_closed(from_session);
    Closed into_closed(into_session);
    for (int attempt = 0; attempt < save_attempts_max; ++attempt) {
      const Instant now = clock_->now();
      if (!is_usable(from_closed, now) || !is_usable(into_closed, now)) return Unexpected(Error::not_found);
      const Row& from_row = *from_closed.state.row;
      const auto merged = std::make_shared<Row>(*into_closed.state.row);
      merged->data.metadata.insert(from_row.data.metadata.begin(), from_row.data.metadata.end());
      merged->data.access_count += from_row.data.access_count;
      merged->data.last_activity = now.wall;
      ++merged->version;
      const auto written = database_->merge(*merged, into_closed.state.row->version, from, from_row.version);
      if (!written) return Unexpected(written.error());
      if (*written == Written::yes) {
        end(from_closed, Queue::yes);
        into_closed.state.row = merged;
        into_closed.state.cache_time = now.steady;
        note_use(into_closed.state, now);
        return {};
      }
      if (const auto adopted = adopt(from_closed, fetch(from)); !adopted) return adopted;
      if (const auto adopted = adopt(into_closed, fetch(into)); !adopted) return adopted;
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
    // Read before the session is closed, so that a slow clock holds up no session that is not idle. A use after this
    // reading only makes the session less idle at it.
    const Instant now = clock_->now();
    if (const Snapshot seen = session.load(); seen && !is_idle(*seen, now)) continue;
    MutexLock lock(session.writer);
    if (!session.load()) continue;
    // Judged and removed while it is closed: a use comes before the judgement or finds the session gone.
    Closed closed(session);
    for (int attempt = 0; attempt < save_attempts_max && is_idle(closed.state, now); ++attempt) {
      const auto written = database_->mark_deleted(id, closed.state.row->version);
      if (!written) break;
      if (*written == Written::yes) {
        end(closed, Queue::yes);
        ++expired;
        break;
      }
      if (!adopt(closed, fetch(id))) break;
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
  // In the store, closed, before its row is read, and locked until then: whoever wants the same session waits for
  // this fetch, and nobody can delete it between the fetch and the insertion, which would revive it.
  const auto session = std::make_shared<Session>();
  MutexLock lock(session->writer);
  {
    WriterLock store_lock(store_mutex_);
    const auto [place, inserted] = store_.try_emplace(id, session);
    if (!inserted) return place->second;
  }
  found = Found::in_database;
  const auto fetched = fetch(id);
  if (fetched) {
    counts_ += one_total + one_active;  // first: whoever finds the session open may count it
    session->open(state_of(*fetched));
    return session;
  }
  WriterLock store_lock(store_mutex_);
  store_.erase(id);
  return Unexpected(fetched.error());
}

Result<SessionData> Manager::use(const SessionId& id, Found& found, bool& refreshed) {
  for (;;) {
    const auto session = find(id, found);
    if (!session) return Unexpected(session.error());
    Snapshot seen = (*session)->load();
    if (!seen) {
      MutexLock wait((*session)->writer);  // until whoever closed it has opened it again, or ended it
      continue;
    }
    const Instant now = clock_->now();  // after the load: see the header
    State next = *seen;
    if (!refreshed && !seen->fetching && is_stale(*seen, now)) {
      next.fetching = true;
      if (!(*session)->replace(seen, std::move(next))) continue;  // of several callers one gets it
      refreshed = true;
      refresh_from_database(id, **session);
      continue;
    }
    if (is_idle(*seen, now)) {
      // Not for a reader to decide: another may be about to note a use by an earlier reading of the clock, and a writer
      // may have begun in time.
      MutexLock lock((*session)->writer);
      Instant judged;
      if ((*session)->load() && !usable(**session, {}, judged)) return Unexpected(Error::not_found);
      continue;
    }
    note_use(next, now);
    if ((*session)->replace(seen, next)) return data_of(next);
  }
}

void Manager::refresh_from_database(const SessionId& id, Session& session) {
  // Fetched without the writer's mutex: the session may change meanwhile.
  const auto fetched = fetch(id);

  MutexLock lock(session.writer);
  if (!session.load()) return;
  if (!fetched && fetched.error() == Error::not_found) {
    Closed closed(session);
    end(closed, Queue::no);
    return;
  }
  amend(session, [&](State& state) {
    if (fetched) renew(state, *fetched);  // else the cached copy has to do
    state.fetching = false;
  });
}

template <class Act>
Result<void> Manager::with_session(const SessionId& id, Act act) {
  for (;;) {
    Found found = Found::in_store;
    const auto session = find(id, found);
    if (!session) return Unexpected(session.error());
    MutexLock lock((*session)->writer);
    if ((*session)->load()) return act(**session);
    // It ended, or its loader found no row, between being found and being locked: look again.
  }
}

template <class Apply>
Result<void> Manager::change_session(const SessionId& id, Use use, Apply apply) {
  return with_session(id, [&](Session& session) -> Result<void> {
    session.writer.assert_held();
    News news;  // of another process: others here get it together with this change, not before
    for (int attempt = 0; attempt < save_attempts_max; ++attempt) {
      Instant now;
      const auto seen = usable(session, news, now);
      if (!seen) return Unexpected(Error::not_found);
      const auto changed = std::make_shared<Row>(*seen->row);
      changed->data.last_activity = use == Use::yes ? now.wall : seen->last_activity;
      apply(changed->data);
      ++changed->version;
      const auto written = database_->save(*changed, seen->row->version);
      if (!written) return Unexpected(written.error());
      if (*written == Written::yes) {
        amend(session, [&](State& state) {
          renew(state, news);
          state.row = changed;
          state.cache_time = now.steady;
          if (use == Use::yes) note_use(state, now);
        });
        return {};
      }
      if (const auto read = read_again(session, id, news); !read) return read;
    }
    return Unexpected(Error::database_busy);
  });
}

template <class Edit>
void Manager::amend(Session& session, Edit edit) {
  // With the writer's mutex only readers can be faster; each time one is, it has noted its use.
  Snapshot seen = session.load();
  State next;
  do {
    next = *seen;
    edit(next);
  } while (!session.replace(seen, std::move(next)));
}

std::optional<Manager::State> Manager::usable(Session& session, const News& news, Instant& now) {
  for (;;) {
    State state = *session.load();
    renew(state, news);
    now = clock_->now();
    // A reader may note a use at any time after this, and that does not make the session idle.
    if (!is_idle(state, now)) return state;
    Closed closed(session);
    renew(closed.state, news);
    now = clock_->now();
    if (!is_usable(closed, now)) return std::nullopt;
  }
}

bool Manager::is_usable(Closed& session, const Instant& now) {
  if (is_idle(session.state, now) && is_stale(session.state, now)) (void)adopt(session, fetch(session.id()));
  return !session.ended && !is_idle(session.state, now);
}

bool Manager::is_idle(const State& state, const Instant& now) const {
  return now.steady - state.last_used > settings_.idle_timeout;
}

bool Manager::is_stale(const State& state, const Instant& now) const {
  return now.steady - state.cache_time > settings_.cache_ttl;
}

void Manager::note_use(State& state, const Instant& now) {
  if (now.steady < state.last_used) return;  // a reader's is later than when this writer began
  state.last_used = now.steady;
  state.last_activity = now.wall;
}

SessionData Manager::data_of(const State& state) {
  SessionData data = state.row->data;
  data.last_activity = state.last_activity;
  return data;
}

Result<Manager::News> Manager::fetch(const SessionId& id) {
  const Instant asked = clock_->now();
  auto row = database_->fetch(id);
  if (!row) return Unexpected(row.error());
  if (!*row) return Unexpected(Error::not_found);
  return News{std::make_shared<const Row>(std::move(**row)), asked, clock_->now()};
}

Result<void> Manager::read_again(Session& session, const SessionId& id, News& news) {
  auto fetched = fetch(id);
  if (fetched) {
    news = std::move(*fetched);
    return {};
  }
  if (fetched.error() == Error::not_found) {
    Closed closed(session);
    end(closed, Queue::no);
  }
  return Unexpected(fetched.error());
}

Result<void> Manager::adopt(Closed& session, const Result<News>& fetched) {
  if (fetched) {
    renew(session.state, *fetched);
    return {};
  }
  if (fetched.error() == Error::not_found) end(session, Queue::no);
  return Unexpected(fetched.error());
}

Manager::State Manager::state_of(const News& news) {
  const WallTime last_activity = news.row->data.last_activity;
  State state;
  state.row = news.row;
  state.cache_time = news.asked.steady;
  state.last_used =
      news.answered.steady - std::max(std::chrono::nanoseconds::zero(), news.answered.wall - last_activity);
  state.last_activity = last_activity;
  return state;
}

void Manager::renew(State& state, const News& news) {
  if (!news.row) return;
  state.cache_time = std::max(state.cache_time, news.asked.steady);
  // Only a greater version is news; an equal or smaller one was fetched before a change that we know of.
  if (news.row->version <= state.row->version) return;

  const State fetched = state_of(news);
  if (state.last_used <= fetched.last_used) {  // else it was used here since the other process wrote its row
    state.last_used = fetched.last_used;
    state.last_activity = fetched.last_activity;
  }
  state.row = news.row;
}

void Manager::end(Closed& session, Queue queue) {
  const SessionId id = session.id();
  session.ended = true;
  // It is closed: nobody can have seen that it is gone before it is no longer counted, or use it after that.
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
