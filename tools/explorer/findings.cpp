#include "tools/explorer/findings.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <new>

namespace lab::explorer {

std::shared_ptr<Search> make_result() {
  void* const memory = ::mmap(nullptr, sizeof(Search), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) refuse("mmap");
  return {new (memory) Search, [](Search* result) { ::munmap(result, sizeof(Search)); }};
}

Findings findings_of(const Search& result, double seconds) {
  Findings findings;
  findings.verdict = result.verdict;
  findings.runs = result.runs;
  findings.runs_until_found = result.runs_until_found;
  findings.minimal = result.minimal;
  findings.bound_kind = result.bound_kind;
  findings.completed = result.completed;
  findings.exhaustive =
      result.completed >= 0 && !result.unsound && (!result.found || result.verdict == Verdict::data_race);
  findings.complete = result.complete;
  findings.races.assign(result.races, result.races + result.race_count);
  findings.threads = result.outcome.thread_count;
  findings.ended_by_time = result.outcome.ended_by_time;
  findings.virtual_ns = result.outcome.virtual_ns;
  if (result.found) {
    findings.preemptions = result.outcome.preemptions;
    findings.deviations = result.outcome.departures;
    findings.state = result.outcome.state;
    findings.plan = std::make_shared<const Plan>(result.failing);
    findings.message = result.verdict == Verdict::data_race ? "two threads access the same memory without an order"
                                                            : result.outcome.message;
  } else if (result.verdict != Verdict::passed) {
    findings.message = result.unjudged_message;
  }
  findings.stopped_at_budget = result.stopped_at_budget;
  if (result.unjudged > 0 && result.verdict != Verdict::could_not_judge && result.verdict != Verdict::nondeterministic)
    findings.limits.push_back(std::to_string(result.unjudged) +
                              " runs could not be judged: " + result.unjudged_message);
  findings.seconds = seconds;
  return findings;
}

bool fails_again(Target& target, const Options& options, const Search& result) {
  target.exchange().plan = result.failing;
  target.run_fresh();
  Log& log = target.exchange().log;
  if (result.verdict == Verdict::data_race) return log.race_count > 0;
  judge_passed(log, target.exit_status(), options);
  return log.verdict == result.verdict;
}

namespace {

class Fresh final : public Target {
public:
  explicit Fresh(Target& target) : target_(target) {}
  void run() override { target_.run_fresh(); }
  Exchange& exchange() override { return target_.exchange(); }
  std::string output() override { return target_.output(); }
  int exit_status() override { return target_.exit_status(); }

private:
  Target& target_;
};

}  // namespace

void search_and_confirm(Target& target, const Options& options, Search& result) {
  search(target, options, result);
  if (!result.not_repeatable && (!result.found || fails_again(target, options, result))) return;
  Fresh fresh(target);
  search(fresh, options, result);
  if (!result.found || fails_again(target, options, result)) return;
  result.found = false;
  result.verdict = Verdict::nondeterministic;
  std::snprintf(
      result.unjudged_message, max_message,
      "a run that failed did not fail again under the same schedule: the program depends on something besides it");
}

Replayed replay(Target& target, const Plan& plan) {
  std::shared_ptr<Exchange> copy = map_exchange(-1);
  target.exchange().plan = plan;
  target.run_fresh();
  target.end();
  // The log is large and mostly untouched: only what is in use is copied.
  const Log& from = target.exchange().log;
  Log& to = copy->log;
  copy->plan = plan;
  static_cast<Outcome&>(to) = from;
  const auto some = [](auto* out, const auto* in, std::size_t count) {
    std::memcpy(static_cast<void*>(out), in, count * sizeof *in);
  };
  some(to.races, from.races, from.race_count);
  some(to.hot, from.hot, from.hot_count);
  some(to.blocked, from.blocked, from.blocked_count);
  some(to.choices, from.choices, std::min<std::size_t>(from.choice_count, max_choices));
  some(to.alternatives, from.alternatives, from.alternative_count);
  some(to.steps, from.steps, from.step_count);
  return {std::move(copy), target.output(), target.exit_status()};
}

}  // namespace lab::explorer
