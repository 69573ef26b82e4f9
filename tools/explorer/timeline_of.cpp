#include "tools/explorer/timeline_of.hpp"

#include "tools/explorer/account/names.hpp"
#include "tools/explorer/account/restrict.hpp"
#include "tools/explorer/account/symbols.hpp"
#include "tools/explorer/right_order.hpp"

namespace lab::explorer {

tl::expected<nlohmann::json, std::string> timeline_of(const Report& report, const Subject& subject,
                                                      const Options& options, const TimelineWanted& wanted) {
  const auto symbols = Symbols::open(subject.binary.string());
  if (!symbols) return tl::unexpected(symbols.error());
  Names& names = **symbols;
  ObjectNames objects(names);
  Report shown = report;
  RightOrder right;
  if (report.verdict != Verdict::passed && wanted.schedule != nullptr) {
    const Replayed run = subject.replay(recorded(*wanted.schedule));
    shown.explanation = explain(run.exchange->log, names, objects);
    if (is_judged(report.verdict)) {
      right = right_order(subject, options, *wanted.schedule, report.verdict, names, objects);
    } else {
      right.how = "No order was looked for: this one could not be judged.";
    }
  } else {
    // What passed is shown by the schedule that was asked for, or the plainest.
    Plan plan;
    plan.time_outs = options.time_outs;
    plan.spurious = options.spurious;
    plan.program_seed = options.seed;
    if (wanted.schedule != nullptr) plan = *wanted.schedule;
    const Replayed run = subject.replay(recorded(plan));
    const bool passes = run.exchange->log.verdict == Verdict::passed;
    if (passes) right.explanation = explain(run.exchange->log, names, objects);
    right.preemptions = run.exchange->log.preemptions;
    right.deviations = run.exchange->log.departures;
    right.races = run.exchange->log.race_count > 0;
    right.how = !passes                      ? "No order is known to be right: the program could not be judged."
                : wanted.schedule != nullptr ? "This order passes."
                                             : "The order without a deviation: nobody is interrupted.";
  }
  if (wanted.shown) {
    if (shown.explanation) shown.explanation = restricted(*shown.explanation, wanted.shown);
    if (right.explanation) right.explanation = restricted(*right.explanation, wanted.shown);
  }
  std::unique_ptr<PlayTree> play;
  if (wanted.play) {
    const auto target = wanted.play();
    play = std::make_unique<PlayTree>(record_play(*target, options, wanted.limits, names, objects));
    if (wanted.shown) set_aside(*play, wanted.shown);
  }
  nlohmann::json whole = to_json(shown);
  whole["timeline"] = timeline_json(shown, &right, play.get(), names);
  return whole;
}

}  // namespace lab::explorer
