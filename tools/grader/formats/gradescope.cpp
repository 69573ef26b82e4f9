#include "tools/grader/formats/gradescope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "tools/grader/formats/fitted.hpp"
#include "tools/grader/formats/report.hpp"
#include "tools/grader/formats/text.hpp"
#include "tools/grader/formats/told.hpp"

namespace lab::grader::formats {
namespace {

using nlohmann::ordered_json;

class Made {
public:
  Made(const Report& report, const GradescopeOptions& options, std::size_t text_bytes)
      : report_(report), options_(options), text_bytes_(text_bytes) {}

  ordered_json results() const {
    ordered_json made;
    if (scored()) made["score"] = json_number(*points_of(report_));
    made["execution_time"] = static_cast<std::int64_t>(std::llround(report_.seconds));
    made["output"] = cut(output(), std::max<std::size_t>(text_bytes_, name_bytes_max));
    made["output_format"] = made["test_output_format"] = made["test_name_format"] = "text";
    made["visibility"] = word(options_.visibility);
    made["stdout_visibility"] = word(options_.stdout_visibility);
    made["tests"] = ordered_json::array();
    for (std::size_t i = 0; i < report_.exercises.size(); ++i) add_tests(made["tests"], report_.exercises[i], i + 1);
    made["extra_data"] = {
        {"schema", 1}, {"points_max", json_number(report_.points_max)}, {"seed", cut(report_.seed, name_bytes_max)}};
    if (report_.tier) made["extra_data"]["tier"] = json_number(*report_.tier);
    return made;
  }

private:
  bool scored() const { return points_of(report_).has_value(); }

  Visibility visibility_of(const Exercise& exercise) const {
    const auto other = options_.exercises.find(exercise.id);
    return other == options_.exercises.end() ? options_.visibility : other->second;
  }

  bool all_is_visible() const {
    return std::all_of(report_.exercises.begin(), report_.exercises.end(),
                       [&](const Exercise& one) { return visibility_of(one) == Visibility::visible; });
  }

  std::string output() const {
    if (!scored()) {
      return "The grader could not judge this submission, so it has no score. " + std::string(not_your_fault) + "\n\n" +
             told_of_whole(report_);
    }
    std::string text = all_is_visible() ? fmt::format("{}: {}\n", words_of(report_.verdict), points_told(report_))
                                        : "Not all exercises are shown yet.\n";
    return text + told_of_whole(report_);
  }

  ordered_json test(const Exercise& exercise, const std::string& name, const std::string& number,
                    const std::string& output) const {
    ordered_json made;
    made["name"] = cut(name, name_bytes_max);
    made["number"] = cut(number, name_bytes_max);
    made["output"] = cut(output, text_bytes_);
    if (!exercise.bug.empty()) made["tags"] = {cut(exercise.bug, name_bytes_max)};
    made["visibility"] = word(visibility_of(exercise));
    made["extra_data"] = {{"exercise", cut(exercise.id, name_bytes_max)}};
    return made;
  }

  void score(ordered_json& test, double points, double points_max, bool passed) const {
    if (!scored()) return;
    test["score"] = json_number(points);
    test["max_score"] = json_number(points_max);
    test["status"] = passed ? "passed" : "failed";
  }

  void add_tests(ordered_json& tests, const Exercise& exercise, std::size_t place) const {
    const std::string number = fmt::format("{}", place);
    if (!options_.by_claim || !claims_add_up(report_, exercise)) {
      ordered_json made = test(exercise, exercise.title, number, told(report_, exercise, options_.accounts));
      if (const auto points = points_of(report_, exercise)) {
        score(made, *points, exercise.points_max, exercise.verdict == Verdict::passed);
      }
      tests.push_back(std::move(made));
      return;
    }
    std::size_t claim = 0;
    for (const Evidence& one : exercise.evidence) {
      ++claim;
      ordered_json made = test(exercise, exercise.title + ": " + one.test, fmt::format("{}.{}", number, claim),
                               told(one, options_.accounts));
      // Without points such a test is text alone, and its status says nothing.
      if (one.scored) score(made, *one.points, *one.points_max, one.passed());
      tests.push_back(std::move(made));
    }
  }

  const Report& report_;
  const GradescopeOptions& options_;
  const std::size_t text_bytes_;
};

}  // namespace

const char* word(Visibility visibility) {
  switch (visibility) {
    case Visibility::visible:
      return "visible";
    case Visibility::after_due_date:
      return "after_due_date";
    case Visibility::after_published:
      return "after_published";
    case Visibility::hidden:
      break;
  }
  return "hidden";
}

std::string gradescope(const nlohmann::json& report, const GradescopeOptions& options) {
  const Report read = read_report(report);
  return fitted(options.bytes_max, [&](std::size_t text_bytes) { return Made(read, options, text_bytes).results(); });
}

}  // namespace lab::grader::formats
