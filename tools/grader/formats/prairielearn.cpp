#include "tools/grader/formats/prairielearn.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/grader/formats/fitted.hpp"
#include "tools/grader/formats/report.hpp"
#include "tools/grader/formats/text.hpp"
#include "tools/grader/formats/told.hpp"

namespace lab::grader::formats {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t message_bytes_max = 4000;

bool did_not_build(const Report& report) {
  return std::any_of(report.judges.begin(), report.judges.end(),
                     [](const Judge& one) { return one.judge == "build" && one.verdict == Verdict::failed; });
}

ordered_json test_of(const Report& report, const Exercise& exercise, bool accounts, std::size_t text_bytes) {
  ordered_json made;
  made["name"] = cut(fmt::format("{} {}", exercise.id, exercise.title), name_bytes_max);
  if (const auto points = points_of(report, exercise)) {
    made["points"] = json_number(*points);
    made["max_points"] = json_number(exercise.points_max);
  }
  std::string message = words_of(exercise.verdict);
  for (const std::string& reason : exercise.reasons) message += "\n" + reason;
  made["message"] = cut(std::move(message), std::min(text_bytes, message_bytes_max));
  made["output"] = cut(told(report, exercise, accounts), text_bytes);
  return made;
}

ordered_json results(const Report& report, const PrairieLearnOptions& options, std::size_t text_bytes) {
  ordered_json made;
  const std::optional<double> points = points_of(report);
  // Of no points there is no share.
  const bool judged = points && report.points_max > 0;
  const bool gradable = judged && (options.unbuilt_uses_attempt || !did_not_build(report));
  made["gradable"] = gradable;
  if (gradable) made["score"] = std::clamp(*points / report.points_max, 0.0, 1.0);
  const std::string output = cut(told_of_whole(report), std::max(text_bytes, message_bytes_max));
  if (gradable) {
    made["message"] = fmt::format("{}: {}", words_of(report.verdict), points_told(report));
  } else {
    made["format_errors"] = {judged ? "The submission does not compile or link, so it was not graded."
                                    : "The grader could not judge this submission. " + std::string(not_your_fault)};
    if (!output.empty()) made["format_errors"].push_back(output);
  }
  made["output"] = output;
  made["tests"] = ordered_json::array();
  for (const Exercise& one : report.exercises) {
    made["tests"].push_back(test_of(report, one, options.accounts, text_bytes));
  }
  return made;
}

}  // namespace

std::string prairielearn(const nlohmann::json& report, const PrairieLearnOptions& options) {
  const Report read = read_report(report);
  return fitted(options.bytes_max, [&](std::size_t text_bytes) { return results(read, options, text_bytes); });
}

}  // namespace lab::grader::formats
