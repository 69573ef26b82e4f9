#include "tools/grader/judging/report.hpp"

#include <algorithm>

#include "tools/exercises/tempting.hpp"
#include "tools/grader/judging/points.hpp"

namespace lab::grader {

using namespace exercises;
using nlohmann::json;

namespace {

json or_null(const std::string& text) { return text.empty() ? json() : json(text); }

const char* word_of(Standing standing) {
  switch (standing) {
    case Standing::passed:
      return "passed";
    case Standing::failed:
      return "failed";
    case Standing::could_not_judge:
      return "could_not_judge";
    case Standing::skipped:
      break;
  }
  return "skipped";
}

json judges_of(const std::vector<Opinion>& opinions) {
  json all = json::array();
  for (const Opinion& opinion : opinions) {
    all.push_back({{"judge", opinion.judge},
                   {"verdict", opinion.verdict},
                   {"reason", or_null(opinion.reason)},
                   {"runs", opinion.runs},
                   {"seconds", opinion.seconds}});
  }
  return all;
}

json base_of(const Case& about) {
  json warnings = json::array();
  for (const CompilerWords& warning : about.warnings)
    warnings.push_back({{"compiler", warning.compiler}, {"text", warning.text}});
  return {{"schema", 1},
          {"subject", about.subject},
          {"points_max", 100},
          {"seconds", about.seconds},
          {"tier", static_cast<int>(about.tier)},
          {"seed", about.seed},
          {"fingerprint", about.fingerprint},
          {"reasons", json::array()},
          {"judges", judges_of(about.opinions)},
          {"warnings", warnings}};
}

json head_of(const Exercise& exercise) {
  return {{"id", exercise.id},       {"bug", exercise.bug},           {"name", exercise.name},
          {"title", exercise.title}, {"points_max", exercise.points}, {"also_seen", json::array()},
          {"mended_by", json()}};
}

bool fails(const std::vector<Blame>& all, const Exercise& exercise) {
  return std::any_of(all.begin(), all.end(), [&](const Blame& one) { return one.exercise == exercise.id; });
}

// "01.2/lab1-...": what ./lab grade --replay and ./lab replay take.
std::string replay_of(const Index& index, const Finding& finding) {
  const Exercise* const owner = index.with_claim(finding.claim);
  if (owner == nullptr || finding.replay.empty()) return "";
  const auto at = std::find(owner->explored.begin(), owner->explored.end(), finding.claim);
  if (at == owner->explored.end()) return "";
  return owner->id + "." + std::to_string(at - owner->explored.begin() + 1) + "/" + finding.replay;
}

class Entries {
public:
  Entries(const Course& course, const Case& about) : course_(course), about_(about) {}

  // What was found about an exercise: its own claims' findings by the judges that need no luck, pass or fail; whatever
  // else fails it; and, not scored, what ThreadSanitizer reports and does not count.
  json of(const Exercise& exercise, const Earned& earned) const {
    const double share = static_cast<double>(exercise.points) /
                         static_cast<double>(exercise.explored.size() + exercise.one_thread.size());
    std::vector<std::string> told;  // the claims whose points are told
    json evidence = json::array();
    for (const Opinion& opinion : about_.opinions) {
      for (const Finding& finding : opinion.findings) {
        const bool own = course_.index.with_claim(finding.claim) == &exercise;
        const bool failing = fails(blame(course_.index, course_.handout_races, finding), exercise);
        const bool first = own && std::find(told.begin(), told.end(), finding.claim) == told.end();
        if (!failing && !first && !(own && is_unjudged(finding))) continue;
        if (!failing && !own) continue;
        json one = entry(exercise, finding, failing);
        if (first) {
          told.push_back(finding.claim);
          const auto share_of = earned.by_claim.find(finding.claim);
          one["points"] = share_of == earned.by_claim.end() ? 0 : share_of->second;
          one["points_max"] = share;
        }
        evidence.push_back(std::move(one));
      }
      for (const Finding& finding : opinion.only_shown) {
        if (course_.index.with_claim(finding.claim) != &exercise) continue;
        json one = entry(exercise, finding, false);
        one["scored"] = false;
        evidence.push_back(std::move(one));
      }
    }
    return evidence;
  }

private:
  json entry(const Exercise& exercise, const Finding& finding, bool failing) const {
    const bool is_told = failing || course_.index.with_claim(finding.claim) != nullptr;
    const std::string expected = is_told ? course_.index.expected_of(finding.claim) : "";
    const std::string advice =
        failing ? advice_for(course_.tempting, exercise.id, finding, course_.handout, about_.code) : "";
    json one = {{"judge", finding.judge},
                {"test", finding.claim},
                {"verdict", finding.verdict},
                {"summary", finding.summary},
                {"expected", or_null(expected)},
                {"location", or_null(finding.location)},
                {"replay", or_null(replay_of(course_.index, finding))},
                {"runs", finding.runs},
                {"exhaustive", finding.exhaustive},
                {"scored", true},
                {"advice", or_null(advice)},
                {"account", finding.account}};
    if (finding.timeline.is_object()) one["timeline"] = finding.timeline;
    return one;
  }

  const Course& course_;
  const Case& about_;
};

}  // namespace

json report_of(const Course& course, const Case& about) {
  std::vector<Finding> findings;
  for (const Opinion& opinion : about.opinions)
    findings.insert(findings.end(), opinion.findings.begin(), opinion.findings.end());
  const std::vector<Earned> all = earned(course.index, course.handout_races, findings);

  json report = base_of(about);
  json exercises = json::array();
  double points = 0;
  bool failed = false, unjudged = false;
  const Entries entries(course, about);
  for (const Earned& one : all) {
    const Exercise& exercise = *course.index.with_id(one.judged.exercise);
    failed |= one.judged.standing == Standing::failed;
    unjudged |= one.judged.standing == Standing::could_not_judge || one.judged.standing == Standing::skipped;
    points += one.points.value_or(0);
    json entry = head_of(exercise);
    entry["verdict"] = word_of(one.judged.standing);
    entry["points"] = one.points ? json(*one.points) : json();
    entry["reasons"] = one.judged.reasons;
    entry["also_seen"] = one.judged.also_seen;
    if (one.judged.standing == Standing::passed)
      entry["mended_by"] = or_null(mended_by(course.index, all, exercise.id));
    entry["evidence"] = entries.of(exercise, one);
    exercises.push_back(std::move(entry));
  }
  // A part that could not be judged has no points, so the sum is none either.
  report["verdict"] = unjudged ? "could_not_judge" : failed ? "failed" : "passed";
  report["points"] = unjudged ? json() : json(points);
  report["exercises"] = std::move(exercises);
  for (const Opinion& opinion : about.opinions) {
    if (opinion.verdict == "could_not_judge")
      report["reasons"].push_back("the judge " + opinion.judge + " could not judge: " + opinion.reason);
  }
  return report;
}

json refused_report(const Course& course, const Case& about, const std::string& reason, const json& evidence) {
  json report = base_of(about);
  report["verdict"] = "failed";
  report["points"] = 0;
  report["reasons"].push_back(reason);
  report["exercises"] = json::array();
  for (const Exercise& exercise : course.index.exercises) {
    json entry = head_of(exercise);
    entry["verdict"] = "failed";
    entry["points"] = 0;
    entry["reasons"] = {reason};
    entry["evidence"] = json::array({evidence});
    report["exercises"].push_back(std::move(entry));
  }
  return report;
}

json unjudged_report(const Course& course, const Case& about, const std::string& reason) {
  json report = base_of(about);
  report["verdict"] = "could_not_judge";
  report["points"] = json();
  report["reasons"].push_back(reason);
  report["exercises"] = json::array();
  for (const Exercise& exercise : course.index.exercises) {
    json entry = head_of(exercise);
    entry["verdict"] = "could_not_judge";
    entry["points"] = json();
    entry["reasons"] = {reason};
    entry["evidence"] = json::array();
    report["exercises"].push_back(std::move(entry));
  }
  return report;
}

}  // namespace lab::grader
