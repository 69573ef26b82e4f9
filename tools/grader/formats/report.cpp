#include "tools/grader/formats/report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "tools/grader/formats/text.hpp"

namespace lab::grader::formats {
namespace {

using nlohmann::json;

const json& field(const json& object, const char* name) {
  static const json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

std::string text_of(const json& value) {
  return value.is_string() ? cut(printable(value.get_ref<const std::string&>()), text_bytes_max) : "";
}

std::string text(const json& object, const char* name) { return text_of(field(object, name)); }

std::string line(const json& object, const char* name) { return one_line(text(object, name)); }

std::optional<double> value_of(const json& value) {
  if (!value.is_number()) return std::nullopt;
  const double read = value.get<double>();
  if (std::isnan(read)) return std::nullopt;
  return std::clamp(read, 0.0, number_max);
}

std::optional<double> value(const json& object, const char* name) { return value_of(field(object, name)); }

double value_or_none(const json& object, const char* name) { return value(object, name).value_or(0); }

bool flag(const json& object, const char* name, bool otherwise) {
  const json& found = field(object, name);
  return found.is_boolean() ? found.get<bool>() : otherwise;
}

Verdict verdict(const json& object) {
  const std::string read = text(object, "verdict");
  for (const Verdict one : {Verdict::passed, Verdict::failed, Verdict::skipped}) {
    if (read == word(one)) return one;
  }
  return Verdict::could_not_judge;
}

template <typename Read>
auto list(const json& object, const char* name, Read read) {
  std::vector<decltype(read(object))> all;
  const json& found = field(object, name);
  if (found.is_array()) {
    for (const json& one : found) all.push_back(read(one));
  }
  return all;
}

std::vector<std::string> texts(const json& object, const char* name) {
  return list(object, name, [](const json& one) { return one_line(text_of(one)); });
}

std::string lines(const json& object, const char* name) {
  std::string all;
  const json& found = field(object, name);
  if (!found.is_array()) return text_of(found);
  for (const json& one : found) all += text_of(one) + "\n";
  if (!all.empty()) all.pop_back();
  return cut(std::move(all), text_bytes_max);
}

// A path from the page to one beside it, and nothing that names a scheme or another host.
std::string relative_link(const json& read, const char* key) {
  const auto found = read.find(key);
  if (found == read.end() || !found->is_string()) return {};
  std::string link = line(read, key);
  const bool leads_away = link.find(':') != std::string::npos || link.starts_with('/') || link.starts_with('\\');
  return leads_away ? std::string() : link;
}

Evidence evidence(const json& read) {
  Evidence made;
  made.judge = line(read, "judge");
  made.test = line(read, "test");
  made.verdict = line(read, "verdict");
  if (made.verdict.empty()) made.verdict = "could_not_judge";
  made.summary = text(read, "summary");
  made.expected = text(read, "expected");
  made.location = line(read, "location");
  made.replay = line(read, "replay");
  made.runs = value_or_none(read, "runs");
  made.exhaustive = flag(read, "exhaustive", false);
  made.points = value(read, "points");
  made.points_max = value(read, "points_max");
  made.scored = flag(read, "scored", true);
  made.advice = text(read, "advice");
  made.account = lines(read, "account");
  made.timeline = relative_link(read, "timeline");
  return made;
}

Exercise exercise(const json& read) {
  Exercise made;
  made.id = line(read, "id");
  made.bug = line(read, "bug");
  made.name = line(read, "name");
  made.title = line(read, "title");
  if (made.title.empty()) made.title = made.name;
  made.verdict = verdict(read);
  const std::optional<double> points = value(read, "points");
  if (!points) made.verdict = Verdict::could_not_judge;
  made.points = points.value_or(0);
  made.points_max = value_or_none(read, "points_max");
  made.reasons = texts(read, "reasons");
  made.also_seen = texts(read, "also_seen");
  made.mended_by = line(read, "mended_by");
  made.evidence = list(read, "evidence", evidence);
  return made;
}

Judge judge(const json& read) {
  return {line(read, "judge"), verdict(read), text(read, "reason"), value_or_none(read, "runs"),
          value_or_none(read, "seconds")};
}

Warning warning(const json& read) { return {line(read, "compiler"), text(read, "text")}; }

}  // namespace

const char* word(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
      return "passed";
    case Verdict::failed:
      return "failed";
    case Verdict::skipped:
      return "skipped";
    case Verdict::could_not_judge:
      break;
  }
  return "could_not_judge";
}

Report read_report(const json& read) {
  Report made;
  made.subject = line(read, "subject");
  made.verdict = verdict(read);
  if (made.verdict == Verdict::skipped) made.verdict = Verdict::could_not_judge;
  made.points = value(read, "points");
  made.points_max = value_or_none(read, "points_max");
  made.seconds = value_or_none(read, "seconds");
  made.tier = value(read, "tier");
  const json& seed = field(read, "seed");
  made.seed = seed.is_number() ? seed.dump() : line(read, "seed");
  made.reasons = texts(read, "reasons");
  made.judges = list(read, "judges", judge);
  made.warnings = list(read, "warnings", warning);
  made.exercises = list(read, "exercises", exercise);
  return made;
}

std::optional<double> points_of(const Report& report, const Exercise& exercise) {
  if (exercise.verdict == Verdict::could_not_judge) return std::nullopt;
  if (exercise.verdict == Verdict::skipped && report.verdict == Verdict::could_not_judge) return std::nullopt;
  return exercise.points;
}

std::optional<double> points_of(const Report& report) {
  if (report.verdict == Verdict::could_not_judge) return std::nullopt;
  for (const Exercise& one : report.exercises) {
    if (!points_of(report, one)) return std::nullopt;
  }
  return report.points;
}

bool claims_add_up(const Report& report, const Exercise& exercise) {
  const std::optional<double> earned = points_of(report, exercise);
  double points = 0;
  double points_max = 0;
  std::size_t scored = 0;
  for (const Evidence& one : exercise.evidence) {
    if (!one.scored) continue;
    if (!one.points || !one.points_max || one.could_not_judge()) return false;
    points += *one.points;
    points_max += *one.points_max;
    ++scored;
  }
  const auto same = [](double a, double b) { return std::abs(a - b) < 1e-6; };
  return earned && scored > 0 && same(points, *earned) && same(points_max, exercise.points_max);
}

nlohmann::ordered_json json_number(double value) {
  if (std::abs(value) <= number_max && value == std::floor(value)) return static_cast<std::int64_t>(value);
  return value;
}

}  // namespace lab::grader::formats
