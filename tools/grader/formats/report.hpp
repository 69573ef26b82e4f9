// The grader's report, schema 1 (docs/reference/grade-report.md), as values that the formats are made of.
//
// Invariants of what read_report() gives:
//   1. Every text is printable() and at most text_bytes_max long; what the report has as null, or not at all, is empty.
//   2. Every number is finite, and between 0 and number_max.
//   3. A verdict that is missing or unknown is could_not_judge: it must never read as a pass or as a fail. So is an
//      exercise that has no number of points.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace lab::grader::formats {

enum class Verdict { passed, failed, could_not_judge, skipped };

// Far above any sentence, and above an account of 200 steps.
constexpr std::size_t text_bytes_max = std::size_t{32} << 10;
// So that sums stay exact to a thousandth.
constexpr double number_max = 1e12;

struct Evidence {
  std::string judge;    // "explorer"
  std::string test;     // the claim
  std::string verdict;  // a word: "passed", "data_race", ...
  std::string summary;
  std::string expected;
  std::string location;  // "session_manager.cpp:57"
  std::string replay;
  double runs = 0;
  bool exhaustive = false;
  std::optional<double> points, points_max;
  bool scored = true;
  std::string advice;
  std::string account;   // lines
  std::string timeline;  // the file of its page, as a link from the report's; empty: none

  bool passed() const { return verdict == "passed"; }
  bool could_not_judge() const { return verdict == "could_not_judge"; }
  bool failed() const { return !passed() && !could_not_judge() && verdict != "skipped"; }
};

struct Exercise {
  std::string id;  // "01"
  std::string bug;
  std::string name;
  std::string title;  // the name if the report has none
  Verdict verdict = Verdict::could_not_judge;
  double points = 0;
  double points_max = 0;
  std::vector<std::string> reasons;
  std::vector<std::string> also_seen;
  std::string mended_by;
  std::vector<Evidence> evidence;
};

struct Judge {
  std::string judge;
  Verdict verdict = Verdict::could_not_judge;
  std::string reason;
  double runs = 0;
  double seconds = 0;
};

struct Warning {
  std::string compiler;
  std::string text;
};

struct Report {
  std::string subject;
  Verdict verdict = Verdict::could_not_judge;
  std::optional<double> points;
  double points_max = 0;
  double seconds = 0;
  std::optional<double> tier;
  std::string seed;  // as it is written: it may have more digits than a double
  std::vector<std::string> reasons;
  std::vector<Judge> judges;
  std::vector<Warning> warnings;
  std::vector<Exercise> exercises;
};

// Takes any JSON: what has the wrong type is as if it were missing.
Report read_report(const nlohmann::json& report);

// The word of the report: "could_not_judge".
const char* word(Verdict verdict);

// The one rule of all formats: a fault of the grader is never a number.
//
// What an exercise earned; nothing if it could not be judged, or was skipped because the whole could not.
std::optional<double> points_of(const Report& report, const Exercise& exercise);
// What the submission earned; nothing if it, or one of its exercises, could not be judged.
std::optional<double> points_of(const Report& report);

// The claims' points, if each claim that is scored has some and they add up to the exercise's, of its most: then a
// format may show them apart. A gate that failed, or another's repair, makes an exercise differ from its claims.
bool claims_add_up(const Report& report, const Exercise& exercise);

// As JSON; an integer if it is one.
nlohmann::ordered_json json_number(double value);

}  // namespace lab::grader::formats
