#include "tools/grader/formats/sarif.hpp"

#include <fmt/format.h>

#include <optional>
#include <regex>
#include <string_view>

#include "tools/grader/formats/fitted.hpp"
#include "tools/grader/formats/report.hpp"
#include "tools/grader/formats/text.hpp"
#include "tools/grader/formats/told.hpp"

namespace lab::grader::formats {
namespace {

using nlohmann::ordered_json;

constexpr const char* warning_rule = "compiler-warning";

// As RFC 3986 has it in a path; a colon is encoded too, for it would end a scheme, and so is a slash at the beginning.
std::string path_of(const std::string& text) {
  std::string path;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos || (c == '/' && !path.empty());
    path += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return path;
}

struct Place {
  std::string file;
  long line = 0;    // from 1; 0: not known
  long column = 0;  // likewise
};

// "session_manager.cpp:57" or "session_manager.cpp:57:9". A line has at most nine digits.
std::optional<Place> place_of(const std::string& location) {
  static const std::regex shape("([^:\n]{1,500}):([1-9][0-9]{0,8})(?::([1-9][0-9]{0,8}))?");
  if (location.empty()) return std::nullopt;
  // The library's matching is recursive.
  if (location.size() > 600) return Place{cut(location, 500)};
  std::smatch match;
  if (!std::regex_match(location, match, shape)) return Place{location};
  return Place{match[1], std::stol(match[2]), match[3].matched ? std::stol(match[3]) : 0};
}

// In a message "[words](address)" is a link.
std::string without_links(const std::string& text) {
  if (text.find("](") == std::string::npos) return text;
  std::string escaped;
  for (const char c : text) {
    if (c == '[' || c == ']') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

class SarifLog {
public:
  SarifLog(const Report& report, const SarifOptions& options) : report_(report), options_(options) {}

  ordered_json log() const {
    ordered_json driver{{"name", "Session Race Lab"}, {"rules", ordered_json::array()}};
    ordered_json results = ordered_json::array();
    ordered_json notifications = ordered_json::array();
    if (report_.verdict == Verdict::could_not_judge) {
      std::string why = "The submission could not be judged.";
      for (const std::string& reason : report_.reasons) why += " " + reason;
      notifications.push_back(notification(why));
    }
    for (std::size_t i = 0; i < report_.exercises.size(); ++i) {
      const Exercise& exercise = report_.exercises[i];
      driver["rules"].push_back(rule_of(exercise, i));
      if (exercise.verdict == Verdict::could_not_judge) {
        std::string why = fmt::format("Exercise {} could not be judged.", exercise.id);
        for (const std::string& reason : exercise.reasons) why += " " + reason;
        notifications.push_back(notification(why));
      }
      for (const Evidence& one : exercise.evidence) {
        if (one.failed() && results.size() < options_.results_max) results.push_back(result_of(exercise, i, one));
      }
    }
    driver["rules"].push_back({{"id", warning_rule},
                               {"shortDescription", {{"text", "A compiler's warning"}}},
                               {"defaultConfiguration", {{"level", "warning"}}}});
    for (const Warning& one : report_.warnings) {
      if (results.size() < options_.results_max) results.push_back(result_of(one));
    }
    ordered_json invocation{{"executionSuccessful", notifications.empty()}};
    if (!notifications.empty()) invocation["toolExecutionNotifications"] = notifications;
    ordered_json run{{"tool", {{"driver", driver}}},
                     {"invocations", ordered_json::array({invocation})},
                     {"columnKind", "unicodeCodePoints"},
                     {"results", results}};
    return {{"$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"},
            {"version", "2.1.0"},
            {"runs", ordered_json::array({run})}};
  }

private:
  static ordered_json notification(const std::string& why) {
    return {{"level", "error"}, {"message", {{"text", without_links(why)}}}};
  }

  // No two rules have the same.
  std::string rule_id(const Exercise& exercise, std::size_t place) const {
    for (std::size_t i = 0; i < report_.exercises.size(); ++i) {
      if (i != place && report_.exercises[i].bug == exercise.bug) return fmt::format("exercise-{}", place + 1);
    }
    return exercise.bug.empty() || exercise.bug == warning_rule ? fmt::format("exercise-{}", place + 1) : exercise.bug;
  }

  ordered_json rule_of(const Exercise& exercise, std::size_t place) const {
    const std::string page = path_of(exercise.id + "-" + exercise.name) + "/README.md";
    ordered_json made{{"id", rule_id(exercise, place)}};
    if (!exercise.name.empty()) made["name"] = exercise.name;
    made["shortDescription"] = {{"text", exercise.title.empty() ? exercise.id : exercise.title}};
    made["help"] = {{"text", "The page of the exercise: exercises/" + page}};
    if (!options_.exercises_uri.empty()) made["helpUri"] = options_.exercises_uri + page;
    made["defaultConfiguration"] = {{"level", "error"}};
    return made;
  }

  ordered_json location_of(const Place& place) const {
    ordered_json physical{{"artifactLocation", {{"uri", path_of(options_.folder + place.file)}}}};
    if (place.line > 0) {
      physical["region"] = {{"startLine", place.line}};
      if (place.column > 0) physical["region"]["startColumn"] = place.column;
    }
    return {{"physicalLocation", physical}};
  }

  ordered_json result_of(const Exercise& exercise, std::size_t index, const Evidence& evidence) const {
    std::string message = evidence.summary.empty() ? words_of_verdict(evidence.verdict) : evidence.summary;
    if (!evidence.expected.empty()) message += "\nExpected: " + evidence.expected;
    if (!evidence.advice.empty()) message += "\nNote: " + evidence.advice;
    ordered_json made{{"ruleId", rule_id(exercise, index)},
                      {"ruleIndex", index},
                      {"level", evidence.scored ? "error" : "warning"},
                      {"message", {{"text", without_links(message)}}}};
    if (const auto place = place_of(evidence.location)) {
      made["locations"] = ordered_json::array({location_of(*place)});
    }
    made["partialFingerprints"] = {{"claim/v1", exercise.id + "/" + evidence.judge + "/" + evidence.test}};
    made["properties"] = {{"claim", evidence.test}, {"judge", evidence.judge}, {"verdict", evidence.verdict}};
    if (const std::string again = replay_command(evidence); !again.empty()) made["properties"]["replay"] = again;
    return made;
  }

  // "session_manager.cpp:12:5: warning: unused variable …", or whatever else it says.
  ordered_json result_of(const Warning& warning) const {
    const std::string first = warning.text.substr(0, warning.text.find('\n'));
    const std::size_t at = first.find(": warning: ");
    ordered_json made{
        {"ruleId", warning_rule},
        {"ruleIndex", report_.exercises.size()},
        {"level", "warning"},
        {"message", {{"text", warning.text.empty() ? "a warning without words" : without_links(warning.text)}}}};
    if (at != std::string::npos) {
      if (const auto place = place_of(first.substr(0, at)))
        made["locations"] = ordered_json::array({location_of(*place)});
    }
    if (!warning.compiler.empty()) made["properties"] = {{"compiler", warning.compiler}};
    return made;
  }

  const Report& report_;
  const SarifOptions& options_;
};

}  // namespace

std::string sarif(const nlohmann::json& report, const SarifOptions& options) {
  return json_text(SarifLog(read_report(report), options).log());
}

}  // namespace lab::grader::formats
