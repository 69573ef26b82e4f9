#include "tests/generated/linearize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <unordered_set>
#include <vector>

#include "tests/generated/bytes.hpp"
#include "tests/generated/model.hpp"

namespace lab::generated {
namespace {

// Two independent hashes of a state. Both equal for two different states of one search: a chance below 2^-96, with
// at most 2^16 states in a search.
struct Key {
  std::uint64_t a;
  std::uint64_t b;
  bool operator==(const Key&) const = default;
};
struct KeyHash {
  std::size_t operator()(const Key& key) const { return key.a; }
};

class Search {
public:
  Search(const History& history, std::size_t states) : history_(history), model_(history), states_max_(states) {}

  Judgement judge() {
    Judgement judgement;
    const State start = model_.start();
    judgement.explained = explain(start, 0);
    judgement.states = seen_.size();
    judgement.complete = complete_;
    if (!judgement.explained) judgement.sentence = sentence();
    return judgement;
  }

private:
  // The operations that may take a step: none that is not done has returned before they were called.
  std::vector<int> candidates(const State& state) const {
    int first_end = history_.clock + 1;
    for (int i = 0; i < history_.size; ++i) {
      if (!is_done(state, i) && !has_no_effect(i)) first_end = std::min<int>(first_end, history_.events[i].end);
    }
    std::vector<int> found;
    for (int i = 0; i < history_.size; ++i) {
      if (!is_done(state, i) && history_.events[i].call <= first_end) found.push_back(i);
    }
    // Those that returned first come first: most histories are near to the order of their returns.
    std::sort(found.begin(), found.end(),
              [&](int a, int b) { return history_.events[a].end < history_.events[b].end; });
    return found;
  }

  // A write of another process that found the row gone. It shows that the end of the session had begun, and not that
  // the manager has counted it: the contract ties the manager's answers to each other, and not to the instant at which
  // the database has a mark. So it takes its step after that end, however late, and nothing waits for it.
  bool has_no_effect(int event) const {
    return is_another_process(history_.events[event].operation.kind) && history_.events[event].outcome.error >= 0;
  }

  static bool is_done(const State& state, int event) {
    return state.progress[static_cast<std::size_t>(event)].stage == done;
  }

  struct Way {
    State state;
    bool ended;
  };

  // Whether a sweep under way can come to the number that it returned.
  bool can_still_agree(const State& after, int event) const {
    const Event& sweep = history_.events[event];
    if (sweep.operation.kind != Kind::expire_idle) return true;
    const Progress& progress = after.progress[static_cast<std::size_t>(event)];
    const auto left = static_cast<std::uint32_t>(std::popcount(progress.remaining));
    return progress.expired <= sweep.outcome.number && progress.expired + left >= sweep.outcome.number;
  }

  bool has_swept_all(const State& state, int event) const {
    const Event& sweep = history_.events[event];
    const Progress& progress = state.progress[static_cast<std::size_t>(event)];
    return sweep.operation.kind == Kind::expire_idle && progress.stage == 1 && progress.expired == sweep.outcome.number;
  }

  // Whether no sweep, however late, finds a row that another process has changed and takes it over.
  bool is_nothing_to_catch_up(const State& state) const {
    for (int i = 0; i < history_.size; ++i) {
      if (is_another_process(history_.events[i].operation.kind) && !is_done(state, i) && !has_no_effect(i))
        return false;
    }
    return std::all_of(state.sessions.begin(), state.sessions.end(), [](const SessionState& session) {
      return session.live == 0 || session.row.version <= session.cached.version;
    });
  }

  static bool changes_nothing(const State& before, const State& after) {
    return std::memcmp(&before.sessions, &after.sessions, sizeof before.sessions) == 0;
  }

  bool explain(const State& state, int depth) {
    const Key number = key(state);
    if (seen_.contains(number)) return false;
    if (seen_.size() == states_max_) complete_ = false;
    if (!complete_) return true;
    seen_.insert(number);
    const std::vector<int> next = candidates(state);
    if (next.empty()) return true;
    if (depth > deepest_depth_) {
      deepest_ = state;
      deepest_depth_ = depth;
    }
    // All ways that agree with the history first, so that no step holds up the stack of another.
    std::vector<Way> ways;
    for (const int event : next) {
      const std::size_t before = ways.size();
      model_.step(state, event, [&](const State& after, const std::optional<Outcome>& returned) {
        if (returned ? *returned != history_.events[event].outcome : !can_still_agree(after, event)) return;
        ways.push_back({after, returned.has_value()});
      });
      // No row comes back, so what has found one gone may as well be done at once.
      if (has_no_effect(event) && ways.size() > before) {
        const Way only = ways[before];
        return explain(only.state, depth + 1);
      }
      if (!has_swept_all(state, event) || !is_nothing_to_catch_up(state)) continue;
      // A sweep that has nothing to remove any more, nor to take over, passes over sessions. That changes nothing for
      // anybody, now or later, and so it may as well be done at once, in the first order that there is.
      for (std::size_t i = before; i < ways.size(); ++i) {
        if (!changes_nothing(state, ways[i].state)) continue;
        const Way only = ways[i];
        return explain(only.state, depth + (only.ended ? 1 : 0));
      }
    }
    for (const Way& way : ways) {
      if (explain(way.state, depth + (way.ended ? 1 : 0))) return true;
    }
    return false;
  }

  // Every byte of a state has a meaning, or is zero.
  Key key(const State& state) const {
    Hash a(1);
    Hash b(2);
    const auto add = [&](const auto& thing) {
      a.add(thing);
      b.add(thing);
    };
    add(state.sessions);
    add(state.times);
    add(state.steps);
    add(state.total);
    add(state.active);
    for (int i = 0; i < history_.size; ++i) add(state.progress[static_cast<std::size_t>(i)]);
    return {a.value(), b.value()};
  }

  // Of the state that explains the most operations, the one that returned first of those that can't go on.
  std::string sentence() const {
    for (const int event : candidates(deepest_)) {
      const Event& stuck = history_.events[event];
      const std::string expected = alone(deepest_, event);
      if (expected.empty()) continue;
      const std::string who = stuck.thread == main_thread ? "at the end" : fmt::format("thread {}", stuck.thread + 1);
      return fmt::format("no order of the operations explains {} -> {} ({}); one would explain {}",
                         text(stuck.operation), text(stuck.outcome, stuck.operation.kind), who, expected);
    }
    return "no order of the operations explains the outcomes";
  }

  // What an operation returns if no other one takes a step; empty if it waits for one.
  std::string alone(const State& state, int event) const {
    std::string expected;
    std::optional<State> further;
    model_.step(state, event, [&](const State& after, const std::optional<Outcome>& returned) {
      if (returned) expected = text(*returned, history_.events[event].operation.kind);
      further = after;
    });
    if (!expected.empty() || !further) return expected;
    return alone(*further, event);
  }

  const History& history_;
  const Model model_;
  const std::size_t states_max_;
  bool complete_ = true;
  std::unordered_set<Key, KeyHash> seen_;
  State deepest_;
  int deepest_depth_ = -1;
};

}  // namespace

Judgement judge(const History& history, std::size_t states) { return Search(history, states).judge(); }

}  // namespace lab::generated
