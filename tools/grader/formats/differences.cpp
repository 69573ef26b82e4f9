#include "tools/grader/formats/differences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "tools/grader/formats/fitted.hpp"
#include "tools/grader/formats/text.hpp"

namespace lab::grader::formats {
namespace {

using nlohmann::ordered_json;

ordered_json points_or_null(const std::optional<double>& points) { return points ? json_number(*points) : nullptr; }

ordered_json verdict_or_null(const std::optional<Verdict>& verdict) {
  return verdict ? ordered_json(word(*verdict)) : ordered_json(nullptr);
}

std::optional<Verdict> verdict_of(const Report* report) {
  return report == nullptr ? std::nullopt : std::optional(report->verdict);
}

std::vector<ExerciseChange> exercise_changes(const Report* was, const Report* is) {
  std::vector<std::string> ids;
  for (const Report* one : {is, was}) {
    if (one == nullptr) continue;
    for (const Exercise& exercise : one->exercises) {
      if (std::find(ids.begin(), ids.end(), exercise.id) == ids.end()) ids.push_back(exercise.id);
    }
  }
  std::vector<ExerciseChange> all;
  for (const std::string& id : ids) {
    ExerciseChange made{id, {}, {}, {}, {}};
    if (const Exercise* one = was == nullptr ? nullptr : exercise_with(*was, id)) {
      made.verdict_before = one->verdict;
      made.points_before = points_of(*was, *one);
    }
    if (const Exercise* one = is == nullptr ? nullptr : exercise_with(*is, id)) {
      made.verdict = one->verdict;
      made.points = points_of(*is, *one);
    }
    if (made.verdict != made.verdict_before || made.points != made.points_before) all.push_back(made);
  }
  return all;
}

Change change_of(const Report* was, const Report* is) {
  Change made;
  made.subject = is != nullptr ? is->subject : was->subject;
  made.was = was;
  made.is = is;
  made.exercises = exercise_changes(was, is);
  const std::optional<double> before = made.points_before();
  const std::optional<double> now = made.points();
  if (was == nullptr) {
    made.change = "added";
  } else if (is == nullptr) {
    made.change = "removed";
  } else if (before && now && *before != *now) {
    made.change = *now > *before ? "better" : "worse";
  } else if (before != now || was->verdict != is->verdict || !made.exercises.empty()) {
    made.change = "changed";
  } else {
    made.change = "same";
  }
  return made;
}

ordered_json json_of(const Change& change) {
  ordered_json made{{"subject", change.subject},
                    {"change", change.change},
                    {"verdict_before", verdict_or_null(verdict_of(change.was))},
                    {"verdict", verdict_or_null(verdict_of(change.is))},
                    {"points_before", points_or_null(change.points_before())},
                    {"points", points_or_null(change.points())},
                    {"exercises", ordered_json::array()}};
  for (const ExerciseChange& one : change.exercises) {
    made["exercises"].push_back({{"id", one.id},
                                 {"verdict_before", verdict_or_null(one.verdict_before)},
                                 {"verdict", verdict_or_null(one.verdict)},
                                 {"points_before", points_or_null(one.points_before)},
                                 {"points", points_or_null(one.points)}});
  }
  return made;
}

std::string points_word(const std::optional<Verdict>& verdict, const std::optional<double>& points) {
  return points ? number(*points) : verdict ? "?" : "–";
}

}  // namespace

std::optional<double> Change::points_before() const { return was == nullptr ? std::nullopt : points_of(*was); }

std::optional<double> Change::points() const { return is == nullptr ? std::nullopt : points_of(*is); }

std::vector<Report> read_reports(const std::vector<nlohmann::json>& reports) {
  std::vector<Report> all;
  all.reserve(reports.size());
  for (const nlohmann::json& one : reports) all.push_back(read_report(one));
  return all;
}

const Exercise* exercise_with(const Report& report, const std::string& id) {
  const auto found =
      std::find_if(report.exercises.begin(), report.exercises.end(), [&](const Exercise& one) { return one.id == id; });
  return found == report.exercises.end() ? nullptr : &*found;
}

std::vector<std::string> exercise_ids(const std::vector<Report>& reports) {
  std::vector<std::string> ids;
  std::map<std::string, bool> known;
  for (const Report& report : reports) {
    for (const Exercise& one : report.exercises) {
      if (known.emplace(one.id, true).second) ids.push_back(one.id);
    }
  }
  return ids;
}

std::vector<Change> changes(const std::vector<Report>& before, const std::vector<Report>& now) {
  std::map<std::string, std::vector<const Report*>> left;  // of `before`, the first last
  for (auto one = before.rbegin(); one != before.rend(); ++one) left[one->subject].push_back(&*one);
  std::vector<Change> all;
  for (const Report& is : now) {
    std::vector<const Report*>& same = left[is.subject];
    const Report* was = same.empty() ? nullptr : same.back();
    if (was != nullptr) same.pop_back();
    all.push_back(change_of(was, &is));
  }
  for (const Report& was : before) {
    std::vector<const Report*>& same = left[was.subject];
    if (std::find(same.begin(), same.end(), &was) != same.end()) all.push_back(change_of(&was, nullptr));
  }
  return all;
}

std::string change_told(const ExerciseChange& change) {
  return fmt::format("{} → {}", points_word(change.verdict_before, change.points_before),
                     points_word(change.verdict, change.points));
}

std::string differences(const std::vector<nlohmann::json>& before, const std::vector<nlohmann::json>& now) {
  const std::vector<Report> was = read_reports(before);
  const std::vector<Report> is = read_reports(now);
  std::size_t better = 0;
  std::size_t worse = 0;
  std::size_t same = 0;
  std::size_t other = 0;
  ordered_json submissions = ordered_json::array();
  for (const Change& one : changes(was, is)) {
    ++(one.change == "better" ? better : one.change == "worse" ? worse : one.change == "same" ? same : other);
    if (one.change != "same") submissions.push_back(json_of(one));
  }
  return json_text({{"schema", 1},
                    {"better", better},
                    {"worse", worse},
                    {"same", same},
                    {"other", other},
                    {"submissions", submissions}});
}

}  // namespace lab::grader::formats
