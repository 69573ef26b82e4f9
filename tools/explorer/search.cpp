#include "tools/explorer/search.hpp"

#include <algorithm>
#include <cstring>

#include "tools/explorer/points.hpp"
#include "tools/explorer/strategies/strategy.hpp"

namespace lab::explorer {
namespace {

using Clock = std::chrono::steady_clock;

// Runs spent on making a schedule shorter that was found by sampling.
constexpr int shortening_runs = 300;
// Runs that could not be judged, after which the program is given up: it will not get better.
constexpr std::uint64_t unjudged_limit = 20;

bool is_failure(Verdict verdict) {
  return verdict != Verdict::passed && verdict != Verdict::could_not_judge && verdict != Verdict::nondeterministic;
}

class Searcher {
public:
  Searcher(Target& target, const Options& options, Search& result, bool (*give_up)(const Log&))
      : target_(target),
        options_(options),
        result_(result),
        give_up_(give_up),
        plan_(target.exchange().plan),
        log_(target.exchange().log) {}

  void run() {
    begin();
    while (!over() && strategy_->next(plan_)) {
      const bool sampled = plan_.tail != Tail::run_on;
      run_once();
      const bool failed = is_failure(log_.verdict);
      if (failed) keep();
      // A strategy must not learn from a run that has shown new points: those schedules are void.
      if (add_points()) {
        strategy_->restart();
      } else {
        strategy_->learn(log_);
      }
      if (options_.first_race && options_.races && racing_) {
        result_.found = false;  // by the race's own verdict, even where this run failed after it
        break;
      }
      if (!failed) continue;
      if (sampled) shorten();
      if (systematic_) search_below();
      break;
    }
    finish();
  }

private:
  void begin() {
    static_cast<SearchHead&>(result_) = {};
    start_ = Clock::now();
    Plan& plan = plan_;
    plan.hot_count = plan.departure_count = plan.change_count = 0;
    plan.tail = Tail::run_on;
    plan.trace = plan.lenient = plan.unlock_points = false;
    plan.every_access = options_.every_access;
    plan.time_outs = options_.time_outs;
    plan.spurious = options_.spurious;
    plan.program_seed = options_.seed;
    plan.step_limit = options_.steps;
    kind_ = options_.method == Method::preemptions ? Minimal::preemptions : Minimal::deviations;
    const Cost cost = options_.method == Method::preemptions ? Cost::preemptions : Cost::deviations;
    switch (options_.method) {
      case Method::alternating:
        systematic_ = bounded(cost, options_.bound, options_.reduce);
        sampling_ = partial_order_sampling(options_.seed);
        alternating_ = alternating(*systematic_, *sampling_, options_.samples);
        break;
      case Method::deviations:
      case Method::preemptions:
        systematic_ = bounded(cost, options_.bound, options_.reduce);
        break;
      case Method::uniform:
        sampling_ = uniform(options_.seed);
        break;
      case Method::pos:
        sampling_ = partial_order_sampling(options_.seed);
        break;
      case Method::pct:
        sampling_ = probabilistic(options_.seed, options_.depth);
        break;
    }
    strategy_ = alternating_ ? alternating_.get() : systematic_ ? systematic_.get() : sampling_.get();
  }

  bool over() {
    if (given_up_) return true;
    if (result_.runs >= options_.runs || Clock::now() - start_ >= options_.time) {
      result_.stopped_at_budget = true;
      return true;
    }
    return false;
  }

  void run_once() {
    target_.run();
    ++result_.runs;
    if (result_.runs == 1) result_.outcome = log_;
    result_.live_blocks = std::max(result_.live_blocks, log_.live_blocks);
    if (log_.truncated) result_.unsound = true;
    judge_passed(log_, target_.exit_status(), options_);
    collect_races();
    if (log_.verdict == Verdict::could_not_judge || log_.verdict == Verdict::nondeterministic) {
      result_.unsound = true;
      if (log_.verdict == Verdict::nondeterministic) result_.not_repeatable = true;
      if (result_.unjudged++ == 0) std::memcpy(result_.unjudged_message, log_.message, max_message);
      // If the very first schedule cannot be judged, the others cannot either.
      if (result_.runs == 1 || result_.unjudged >= unjudged_limit) given_up_ = true;
    }
    if (give_up_ != nullptr && give_up_(log_)) given_up_ = true;
  }

  void collect_races() {
    for (std::uint32_t i = 0; i < log_.race_count; ++i) {
      const Race& race = log_.races[i];
      const auto same = [&](const Race& known) {
        return (known.earlier.pc == race.earlier.pc && known.later.pc == race.later.pc) ||
               (known.earlier.pc == race.later.pc && known.later.pc == race.earlier.pc);
      };
      if (std::any_of(result_.races, result_.races + result_.race_count, same)) continue;
      if (result_.race_count < max_races) result_.races[result_.race_count++] = race;
    }
    // Kept in case that nothing worse is found: the first run with the fewest departures that shows a race.
    if (log_.race_count > 0 && (!racing_ || log_.departures < racing_outcome_.departures) && !result_.found) {
      if (!racing_) racing_ = std::make_unique_for_overwrite<Plan>();
      *racing_ = as_departures();
      racing_outcome_ = log_;
    }
  }

  // Whether this run has found points that the plan does not have.
  bool add_points() { return explorer::add_points(plan_, log_, result_.unsound); }

  // The schedule of the last run, whatever decided it, as a list of departures.
  Plan as_departures() const {
    Plan plan = plan_;
    plan.tail = Tail::run_on;
    plan.lenient = plan.trace = false;
    plan.change_count = plan.departure_count = 0;
    const std::uint32_t count = std::min<std::uint32_t>(log_.choice_count, max_choices);
    for (std::uint32_t i = 0; i < count && plan.departure_count < max_departures; ++i) {
      const Choice& choice = log_.choices[i];
      if (choice.taken == 0) continue;
      plan.departures[plan.departure_count++] = {i, log_.alternatives[choice.first + choice.taken], choice.state};
    }
    return plan;
  }

  // The last run's schedule is what was looked for. To be called before its new points go into the plan.
  void keep() {
    if (!result_.found) result_.runs_until_found = result_.runs;
    result_.found = true;
    result_.verdict = log_.verdict;
    result_.outcome = log_;
    result_.failing = as_departures();
  }

  // Leaves out one departure after the other, as long as it fails in the same way.
  void shorten() {
    const Plan saved = plan_;
    int runs = 0;
    for (bool shorter = true; shorter && runs < shortening_runs;) {
      shorter = false;
      for (std::uint32_t i = result_.failing.departure_count; i-- > 0 && runs < shortening_runs && !over();) {
        plan_ = result_.failing;
        plan_.lenient = true;
        std::memmove(plan_.departures + i, plan_.departures + i + 1,
                     (plan_.departure_count - i - 1) * sizeof *plan_.departures);
        --plan_.departure_count;
        ++runs;
        run_once();
        if (log_.verdict == result_.verdict && log_.departures < result_.outcome.departures) {
          keep();
          shorter = true;
          i = std::min(i, result_.failing.departure_count);
        }
      }
    }
    plan_ = saved;
  }

  std::uint32_t cost(const Outcome& outcome) const {
    return kind_ == Minimal::preemptions ? outcome.preemptions : outcome.departures;
  }

  // Goes on with the systematic search until everything that costs less than what was found has been run.
  void search_below() {
    const auto is_least = [&] { return systematic_->completed() + 1 >= static_cast<int>(cost(result_.outcome)); };
    while (!is_least() && !over() && systematic_->next(plan_)) {
      run_once();
      const bool cheaper = is_failure(log_.verdict) && cost(log_) < cost(result_.outcome);
      if (cheaper) keep();
      if (add_points()) {
        systematic_->restart();
      } else {
        systematic_->learn(log_);
      }
    }
    if (is_least()) result_.minimal = kind_;
  }

  void finish() {
    if (systematic_) {
      result_.completed = systematic_->completed();
      result_.complete = systematic_->complete() && !result_.unsound;
      result_.bound_kind = kind_;
    } else {
      result_.completed = -1;
    }
    if (!result_.found && racing_ && options_.races) {
      result_.found = true;
      result_.verdict = Verdict::data_race;
      result_.outcome = racing_outcome_;
      result_.failing = *racing_;
      result_.runs_until_found = result_.runs;
      if (racing_->departure_count == 0) result_.minimal = kind_;
    } else if (!result_.found && result_.unjudged > 0) {
      result_.verdict = result_.not_repeatable ? Verdict::nondeterministic : Verdict::could_not_judge;
    }
    result_.judged = true;
  }

  Target& target_;
  const Options& options_;
  Search& result_;
  bool (*const give_up_)(const Log&);
  Plan& plan_;
  Log& log_;
  std::unique_ptr<Bounded> systematic_;
  std::unique_ptr<Strategy> sampling_;
  std::unique_ptr<Strategy> alternating_;
  Strategy* strategy_ = nullptr;  // one of the three
  Minimal kind_ = Minimal::deviations;
  Clock::time_point start_;
  bool given_up_ = false;
  std::unique_ptr<Plan> racing_;
  Outcome racing_outcome_;
};

}  // namespace

void search(Target& target, const Options& options, Search& result, bool (*give_up)(const Log&)) {
  Searcher(target, options, result, give_up).run();
}

}  // namespace lab::explorer
