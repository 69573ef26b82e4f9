#include "tests/generated/model.hpp"

#include <algorithm>

namespace lab::generated {
namespace {

const std::int64_t cache_ttl = std::chrono::nanoseconds(Settings().cache_ttl).count();
const std::int64_t idle_timeout = std::chrono::nanoseconds(Settings().idle_timeout).count();

bool is_stale(const SessionState& session, std::int64_t now) { return now - session.cache_time > cache_ttl; }
bool is_idle(const SessionState& session, std::int64_t now) { return now - session.last_used > idle_timeout; }

// The readings of the clock that a step goes by.
struct Reading {
  std::int64_t now;
  std::int64_t asked;          // from here the age of what it fetches is counted, and of what it saves then
  bool keeps_later_use;        // whether a use by a later reading, which the session knows of already, goes on to count
  bool fetched = false;        // whether it fetches; if not, `asked` is `now`
  bool has_later_use = false;  // whether there is such a use; if not, `keeps_later_use` says nothing
};

// The database's copy replaces the cached one only if it is newer. A use that only this process knows of is kept.
void adopt(SessionState& session, const Data& row, Reading& reading) {
  reading.fetched = true;
  session.cache_time = reading.asked;
  if (row.version <= session.cached.version) return;
  const std::int64_t used = std::min(reading.now, row.last_activity);
  const std::int64_t activity = session.last_used > used ? session.cached.last_activity : row.last_activity;
  session.last_used = std::max(session.last_used, used);
  session.cached = row;
  session.cached.last_activity = activity;
}

// The database is asked before a stale copy is called idle: another process may have used the session.
bool is_usable(SessionState& session, Reading& reading) {
  const std::int64_t now = reading.now;
  if (is_idle(session, now) && is_stale(session, now) && session.row_live != 0) adopt(session, session.row, reading);
  return !is_idle(session, now);
}

void use(SessionState& session, Reading& reading) {
  reading.has_later_use = session.last_used > reading.now;
  session.cached.last_activity = reading.now;
  if (!reading.has_later_use || !reading.keeps_later_use) session.last_used = reading.now;
}

// A save meets another process's change first, and goes on from it.
void catch_up(SessionState& session, Reading& reading) {
  if (session.row.version > session.cached.version) adopt(session, session.row, reading);
}

void save(SessionState& session, const Reading& reading) {
  ++session.cached.version;
  session.cache_time = reading.asked;
  session.row = session.cached;
}

// What the session was says nothing about the future.
void end_session(State& state, SessionState& session, int event) {
  session = {};
  session.queued = 1;
  session.ended_by = static_cast<std::uint8_t>(event);
  --state.active;
}

// get_session tells no version.
Outcome served(const SessionState& session) {
  Outcome outcome;
  outcome.data = session.cached;
  outcome.data.version = 0;
  return outcome;
}

// One call of Model::step.
class Step {
public:
  Step(const History& history, const State& state, int index, std::uint8_t steps_before, const Model::Way& way)
      : history_(history),
        state_(state),
        index_(index),
        event_(history.events[index]),
        progress_(state.progress[static_cast<std::size_t>(index)]),
        first_reading_(std::max(steps_before, progress_.reading)),
        way_(way) {}

  void take() const {
    switch (event_.operation.kind) {
      case Kind::create:
        return create();
      case Kind::get:
        return get();
      case Kind::update:
      case Kind::increment:
      case Kind::set_authenticated:
        return change();
      case Kind::remove:
        return remove();
      case Kind::merge:
        return merge();
      case Kind::expire_idle:
        return expire_idle();
      case Kind::run_cleanup:
        return run_cleanup();
      case Kind::get_stats:
        return get_stats();
      case Kind::get_active_count:
        return returns(state_, number(state_.active));
      case Kind::step_ttl:
      case Kind::step_most:
      case Kind::step_idle:
        return step_clock();
      case Kind::write:
      case Kind::use_elsewhere:
        return write();
      case Kind::read_row:
        return read_row();
      case Kind::queue_size:
        return queue_size();
    }
  }

private:
  static Outcome number(std::uint32_t value) {
    Outcome outcome;
    outcome.number = value;
    return outcome;
  }

  const SessionState& before() const { return state_.sessions[event_.operation.session]; }
  SessionState& session(State& next) const { return next.sessions[event_.operation.session]; }
  Progress& progress(State& next) const { return next.progress[static_cast<std::size_t>(index_)]; }

  void goes_on(State next, int stage) const {
    progress(next).stage = static_cast<std::uint8_t>(stage);
    way_(next, std::nullopt);
  }

  void returns(State next, const Outcome& outcome, std::uint8_t counted = 0) const {
    Progress ended;
    ended.stage = done;
    ended.counted = counted;
    progress(next) = ended;  // what it needed meanwhile says nothing about the future
    way_(next, outcome);
  }

  // For each reading of the clock that the call may have made by now; if it fetches then, for each from which it may
  // count the age of the answer; and if the session has been used by a later reading, with that use and without it.
  template <class Act>
  void at_each_reading(Act act) const {
    for (std::uint32_t now = first_reading_; now <= state_.steps; ++now) {
      if (!at_reading(now, now, act)) continue;
      for (std::uint32_t asked = first_reading_; asked <= state_.steps; ++asked) {
        if (asked != now) at_reading(now, asked, act);
      }
    }
  }

  // Returns whether it fetches.
  template <class Act>
  bool at_reading(std::uint32_t now, std::uint32_t asked, Act& act) const {
    bool fetched = false;
    for (const bool keeps_later_use : {true, false}) {
      State next = state_;
      progress(next).reading = static_cast<std::uint8_t>(now);
      Reading reading{next.times[now], next.times[asked], keeps_later_use};
      act(next, reading);
      fetched = reading.fetched;
      if (!reading.has_later_use) break;
    }
    return fetched;
  }

  void create() const {
    at_each_reading([&](State& next, Reading& reading) {
      SessionState& made = session(next);
      made.live = made.row_live = 1;
      made.cached.version = 1;
      use(made, reading);
      made.cache_time = reading.now;
      made.row = made.cached;
      ++next.total;
      ++next.active;
      returns(next, {});
    });
  }

  void get() const {
    enum : std::uint8_t { look, fetch, take_over, serve };
    if (progress_.stage == fetch) {  // needs nobody's leave
      State next = state_;
      progress(next).fetched = before().row;
      progress(next).found_row = before().row_live;
      return goes_on(next, take_over);
    }
    if (before().live == 0) return returns(state_, failed(Error::not_found), counted_miss);
    if (before().locked != 0) return;
    if (progress_.stage == take_over) {
      at_each_reading([&](State& next, Reading& reading) {
        session(next).fetching = 0;
        if (progress_.found_row != 0) adopt(session(next), progress_.fetched, reading);
        progress(next).fetched = {};
        progress(next).found_row = 0;
        goes_on(next, serve);
      });
      return;
    }
    const bool refreshed = progress_.stage == serve;
    at_each_reading([&](State& next, Reading& reading) {
      SessionState& found = session(next);
      if (!refreshed && found.fetching == 0 && is_stale(found, reading.now)) {
        found.fetching = 1;
        return goes_on(next, fetch);
      }
      if (!is_usable(found, reading)) return returns(next, failed(Error::not_found), counted_miss);
      use(found, reading);
      returns(next, served(found), refreshed ? counted_miss : counted_hit);
    });
  }

  void change() const {
    if (before().live == 0) return returns(state_, failed(Error::not_found));
    if (before().locked != 0) return;
    const Operation& operation = event_.operation;
    at_each_reading([&](State& next, Reading& reading) {
      SessionState& changed = session(next);
      if (!is_usable(changed, reading)) return returns(next, failed(Error::not_found));
      catch_up(changed, reading);
      if (operation.kind == Kind::set_authenticated) {
        changed.cached.is_authenticated = operation.value != 0;
      } else {
        if (operation.kind == Kind::update) changed.cached.values[operation.key] = operation.value;
        ++changed.cached.access_count;
        use(changed, reading);
      }
      save(changed, reading);
      returns(next, number(operation.kind == Kind::increment ? changed.cached.access_count : 0));
    });
  }

  void remove() const {
    if (before().live == 0) return returns(state_, failed(Error::not_found));
    if (before().locked != 0) return;
    at_each_reading([&](State& next, Reading& reading) {
      if (!is_usable(session(next), reading)) return returns(next, failed(Error::not_found));
      end_session(next, session(next), index_);
      returns(next, {});
    });
  }

  void merge() const {
    if (event_.operation.session == event_.operation.into) return returns(state_, failed(Error::same_session));
    const SessionState& into = state_.sessions[event_.operation.into];
    if (progress_.stage == 1) {
      State next = state_;
      next.sessions[event_.operation.into].locked = 0;
      end_session(next, session(next), index_);
      return returns(next, {});
    }
    if (before().live == 0 || into.live == 0)
      return finds_one_gone(before().live == 0 ? event_.operation.into : event_.operation.session);
    if (before().locked != 0 || into.locked != 0) return;
    at_each_reading([&](State& next, Reading& reading) {
      SessionState& source = session(next);
      SessionState& target = next.sessions[event_.operation.into];
      const bool has_source = is_usable(source, reading);
      if (!has_source || !is_usable(target, reading)) {
        returns(next, failed(Error::not_found));
        if (reading.now == state_.times[first_reading_]) return;
        // Or both were there at an earlier reading, and a save met a conflict then, after which both were fetched.
        catch_up(has_source ? source : target, reading);
        if (reading.fetched) returns(next, failed(Error::not_found));
        return;
      }
      catch_up(source, reading);
      catch_up(target, reading);
      for (std::size_t key = 0; key < target.cached.values.size(); ++key) {
        std::int8_t& value = target.cached.values[key];
        if (value == no_value) value = source.cached.values[key];
      }
      target.cached.access_count += source.cached.access_count;
      use(target, reading);
      save(target, reading);
      source.row_live = 0;
      source.ended_by = static_cast<std::uint8_t>(index_);
      source.locked = target.locked = 1;
      goes_on(next, 1);
    });
  }

  // A merge of which one end is not there may have asked for the row of the other before it found that.
  void finds_one_gone(std::size_t other) const {
    returns(state_, failed(Error::not_found));
    if (state_.sessions[other].live == 0 || state_.sessions[other].locked != 0) return;
    at_each_reading([&](State& next, Reading& reading) {
      is_usable(next.sessions[other], reading);
      if (reading.fetched) returns(next, failed(Error::not_found));
    });
  }

  // Whether what this event did has been acknowledged before the present one was called.
  bool returned_before(int other) const {
    return history_.events[other].returned && history_.events[other].end < event_.call;
  }

  // A session that is being created, its call not returned, need not be seen by the sweep.
  bool must_be_swept(std::size_t slot) const {
    for (int i = 0; i < history_.size; ++i) {
      const Operation& operation = history_.events[i].operation;
      if (operation.kind == Kind::create && operation.session == slot) return returned_before(i);
    }
    return true;
  }

  void expire_idle() const {
    if (progress_.stage == 0) {
      State next = state_;
      Progress& begun = progress(next);
      for (std::size_t slot = 0; slot < slots_max; ++slot) {
        if (state_.sessions[slot].live != 0) begun.remaining = static_cast<std::uint8_t>(begun.remaining | 1u << slot);
      }
      if (begun.remaining == 0) return returns(next, number(0));
      return goes_on(next, 1);
    }
    for (std::size_t slot = 0; slot < slots_max; ++slot) {
      if ((progress_.remaining & 1u << slot) != 0) sweep(slot);
    }
  }

  void sweep(std::size_t slot) const {
    const SessionState& found = state_.sessions[slot];
    const auto swept = [&](State& next, bool expired) {
      Progress& now = progress(next);
      now.remaining = static_cast<std::uint8_t>(now.remaining & ~(1u << slot));
      now.reading = progress_.reading;  // the sessions' turns come in no order that we know
      if (expired) ++now.expired;
      if (now.remaining == 0) return returns(next, number(now.expired));
      goes_on(next, 1);
    };
    if (found.live == 0 || !must_be_swept(slot)) {
      State next = state_;
      swept(next, false);
    }
    if (found.live == 0 || found.locked != 0) return;
    at_each_reading([&](State& next, Reading& reading) {
      SessionState& judged = next.sessions[slot];
      if (is_idle(judged, reading.now)) catch_up(judged, reading);
      const bool expired = is_idle(judged, reading.now);
      if (expired) end_session(next, judged, index_);
      swept(next, expired);
    });
  }

  // Takes the rows whose end was acknowledged before the call, and any of the others. No purge fails.
  void run_cleanup() const {
    unsigned certain = 0;
    unsigned queued = 0;
    for (std::size_t slot = 0; slot < slots_max; ++slot) {
      const SessionState& ended = state_.sessions[slot];
      if (ended.queued == 0) continue;
      queued |= 1u << slot;
      if (returned_before(ended.ended_by)) certain |= 1u << slot;
    }
    for (unsigned taken = 0; taken < 1u << slots_max; ++taken) {
      if ((taken & ~queued) != 0 || (certain & ~taken) != 0) continue;
      State next = state_;
      Outcome outcome;
      for (std::size_t slot = 0; slot < slots_max; ++slot) {
        if ((taken & 1u << slot) == 0) continue;
        next.sessions[slot].queued = 0;
        ++outcome.number;
        ++outcome.total;
      }
      returns(next, outcome);
    }
  }

  void get_stats() const {
    std::uint32_t hits = 0;
    std::uint32_t misses = 0;
    std::uint32_t open = 0;         // had begun before the end of this call, and may have been counted or not
    std::uint32_t open_hits = 0;    // those of them that are no misses
    std::uint32_t open_misses = 0;  // those of them that are no hits
    for (int i = 0; i < history_.size; ++i) {
      const Event& other = history_.events[i];
      if (other.operation.kind != Kind::get || other.call == 0 || other.call > event_.end) continue;
      const std::uint8_t counted = state_.progress[static_cast<std::size_t>(i)].counted;
      if (returned_before(i)) {
        ++(counted == counted_hit ? hits : misses);
      } else {
        ++open;
        if (counted != counted_miss) ++open_hits;
        if (counted != counted_hit) ++open_misses;
      }
    }
    Outcome outcome = number(state_.active);
    outcome.total = state_.total;
    // Within the limits any answer is right, so the one that was given, and beyond them the nearest.
    outcome.hits = std::clamp(event_.outcome.hits, hits, hits + open_hits);
    const std::uint32_t open_left = std::min(open_misses, open - (outcome.hits - hits));
    outcome.misses = std::clamp(event_.outcome.misses, misses, misses + open_left);
    returns(state_, outcome);
  }

  void step_clock() const {
    State next = state_;
    next.times[next.steps + 1] = next.times[next.steps] + length(event_.operation.kind).count();
    ++next.steps;
    returns(next, {});
  }

  void write() const {
    if (before().row_live == 0) {
      // The row went before the end of this call, and so by an operation that had begun by then.
      if (history_.events[before().ended_by].call < event_.end) returns(state_, failed(Error::not_found));
      return;
    }
    at_each_reading([&](State& next, Reading& reading) {
      Data& row = session(next).row;
      row.values[values_max - 1] = event_.operation.value;
      row.access_count += 10;
      if (event_.operation.kind == Kind::use_elsewhere) row.last_activity = reading.now;
      ++row.version;
      returns(next, {});
    });
  }

  void read_row() const {
    if (before().row_live == 0) return returns(state_, failed(Error::not_found));
    Outcome outcome;
    outcome.data = before().row;
    returns(state_, outcome);
  }

  void queue_size() const {
    std::uint32_t queued = 0;
    for (const SessionState& each : state_.sessions) queued += each.queued;
    returns(state_, number(queued));
  }

  const History& history_;
  const State& state_;
  const int index_;
  const Event& event_;
  const Progress& progress_;
  const std::uint8_t first_reading_;
  const Model::Way& way_;
};

}  // namespace

Model::Model(const History& history) : history_(history) {
  for (int i = 0; i < history.size; ++i) {
    for (int other = 0; other < history.size; ++other) {
      const Event& step = history.events[other];
      if (is_clock_step(step.operation.kind) && step.returned && step.end < history.events[i].call) {
        ++steps_before_[static_cast<std::size_t>(i)];
      }
    }
  }
}

State Model::start() const {
  State state;
  state.times[0] = length(history_.age).count();
  for (int slot = 0; slot < history_.sessions; ++slot) {
    SessionState& session = state.sessions[static_cast<std::size_t>(slot)];
    session.live = session.row_live = 1;
    session.cached.version = session.row.version = 1;
  }
  state.total = state.active = static_cast<std::uint32_t>(history_.sessions);
  return state;
}

void Model::step(const State& state, int event, const Way& way) const {
  Step(history_, state, event, steps_before_[static_cast<std::size_t>(event)], way).take();
}

}  // namespace lab::generated
