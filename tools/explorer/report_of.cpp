#include "tools/explorer/report_of.hpp"

#include <algorithm>

#include "tools/explorer/account/symbols.hpp"

namespace lab::explorer {
namespace {

Measure measure_of(Minimal minimal) {
  switch (minimal) {
    case Minimal::deviations:
      return Measure::deviations;
    case Minimal::preemptions:
      return Measure::preemptions;
    case Minimal::none:
      break;
  }
  return Measure::none;
}

// What is the same in both reports: the recorded steps, and the string that replays them.
tl::expected<void, std::string> explain_into(Report& report, const Subject& subject, const Replayed& run) {
  const auto symbols = Symbols::open(subject.binary.string());
  if (!symbols) return tl::unexpected(symbols.error());
  const auto build_id = build_id_of(subject.binary.string());
  if (!build_id) return tl::unexpected(build_id.error());
  const Log& log = run.exchange->log;
  report.explanation = explain(log, **symbols);
  report.replay = encode(schedule_of(run.exchange->plan, *build_id, log.state));
  report.output = run.output;
  report.virtual_seconds = static_cast<double>(log.virtual_ns) / 1e9;
  report.ended_by_time = log.ended_by_time;
  return {};
}

}  // namespace

Subject subject_of(const Program& program, const std::string& called) {
  return {program.path, called, program.arguments, [program](const Plan& plan) { return replay(program, plan); }};
}

Plan recorded(Plan plan) {
  plan.trace = true;
  return plan;
}

Schedule schedule_of(const Plan& plan, const std::string& build_id, std::uint64_t final_state) {
  Schedule schedule;
  schedule.build_id = build_id;
  schedule.every_access = plan.every_access;
  schedule.unlock_points = plan.unlock_points;
  schedule.time_outs = plan.time_outs;
  schedule.spurious = plan.spurious;
  schedule.seed = plan.program_seed;
  schedule.hot.assign(plan.hot, plan.hot + plan.hot_count);
  schedule.departures.assign(plan.departures, plan.departures + plan.departure_count);
  schedule.final_state = final_state;
  return schedule;
}

Plan plan_of(const Schedule& schedule) {
  Plan plan;
  plan.every_access = schedule.every_access;
  plan.unlock_points = schedule.unlock_points;
  plan.time_outs = schedule.time_outs;
  plan.spurious = schedule.spurious;
  plan.program_seed = schedule.seed;
  plan.hot_count = static_cast<std::uint32_t>(schedule.hot.size());
  std::copy(schedule.hot.begin(), schedule.hot.end(), plan.hot);
  plan.departure_count = static_cast<std::uint32_t>(schedule.departures.size());
  std::copy(schedule.departures.begin(), schedule.departures.end(), plan.departures);
  return plan;
}

std::vector<std::string> standing_limits() {
  return {"Not seen: outcomes that only weak memory orders allow; all runs are sequentially consistent.",
          "Not seen: what happens inside code that ./lab cc or ./lab cxx did not compile; it runs as one step."};
}

tl::expected<Report, std::string> report_of(const Subject& subject, const Options& options, const Findings& findings) {
  Report report;
  report.program = subject.called;
  report.arguments = subject.arguments;
  report.verdict = findings.verdict;
  report.message = findings.message;
  report.runs = findings.runs;
  if (findings.stopped_at_budget && findings.runs >= options.runs) {
    report.budget_runs = options.runs;
  } else if (findings.stopped_at_budget) {
    report.budget_seconds = std::chrono::duration<double>(options.time).count();
  }
  report.preemptions = findings.preemptions;
  report.deviations = findings.deviations;
  report.minimal = measure_of(findings.minimal);
  report.exhaustive = findings.exhaustive;
  if (!findings.complete)
    report.bound = {measure_of(findings.bound_kind), static_cast<std::uint32_t>(std::max(findings.completed, 0))};
  report.seconds = findings.seconds;
  report.seed = options.seed;
  report.limits = findings.limits;
  for (std::string& limit : standing_limits()) report.limits.push_back(std::move(limit));
  report.virtual_seconds = static_cast<double>(findings.virtual_ns) / 1e9;
  report.ended_by_time = findings.ended_by_time;
  if (findings.plan != nullptr) {
    const auto explained = explain_into(report, subject, subject.replay(recorded(*findings.plan)));
    if (!explained) return tl::unexpected(explained.error());
  }
  return report;
}

tl::expected<Report, std::string> report_of(const Subject& subject, const Replayed& run) {
  const Log& log = run.exchange->log;
  Report report;
  report.program = subject.called;
  report.arguments = subject.arguments;
  report.verdict = log.verdict;
  report.message = log.message;
  report.runs = 1;
  report.preemptions = log.preemptions;
  report.deviations = log.departures;
  report.seed = run.exchange->plan.program_seed;
  report.limits = standing_limits();
  const auto explained = explain_into(report, subject, run);
  if (!explained) return tl::unexpected(explained.error());
  return report;
}

}  // namespace lab::explorer
