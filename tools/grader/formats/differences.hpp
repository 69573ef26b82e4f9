// What changed between two runs over a class: after a repair of the grader or of an exercise, or a second hand-in.
//
//   { "schema": 1, "better": 3, "worse": 0, "same": 40, "other": 1,
//     "submissions": [ { "subject": "alice.zip", "change": "better",
//         "verdict_before": "failed", "verdict": "passed", "points_before": 72, "points": 80,
//         "exercises": [ { "id": "01", "verdict_before": "failed", "verdict": "passed",
//                          "points_before": 0, "points": 8 } ] } ] }
//
// `change` is better or worse where both runs have points, and these differ; same if nothing differs; added or removed
// if one run lacks the submission; else changed: a verdict differs, an exercise, or whether it could be judged. `other`
// counts the last three. Only exercises that differ are listed, and no submission that is the same. What could not be
// judged has null points; so has what is not there, with a null verdict too.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tools/grader/formats/report.hpp"

namespace lab::grader::formats {

// Submissions are told by their subject; of several that have the same, the first of one run is the first of the other.
std::string differences(const std::vector<nlohmann::json>& before, const std::vector<nlohmann::json>& now);

// The same as values, for the other pages of a class.
struct ExerciseChange {
  std::string id;
  std::optional<Verdict> verdict_before, verdict;
  std::optional<double> points_before, points;
};

struct Change {
  std::string subject;
  std::string change;           // as above
  const Report* was = nullptr;  // null: not there. Both are borrowed from the lists
  const Report* is = nullptr;
  std::vector<ExerciseChange> exercises;

  std::optional<double> points_before() const;
  std::optional<double> points() const;
};

// One for each of `now`, in their order, and then those that are gone.
std::vector<Change> changes(const std::vector<Report>& before, const std::vector<Report>& now);

std::vector<Report> read_reports(const std::vector<nlohmann::json>& reports);

// The ids of a class's exercises, in the order in which the reports name them.
std::vector<std::string> exercise_ids(const std::vector<Report>& reports);

// Null if it has none of this id.
const Exercise* exercise_with(const Report& report, const std::string& id);

// "0 → 8", with "?" for what could not be judged and "–" for what is not there.
std::string change_told(const ExerciseChange& change);

}  // namespace lab::grader::formats
