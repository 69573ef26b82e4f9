#include "tools/grader/formats/autolab.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/grader/formats/report.hpp"

namespace lab::grader::formats {
namespace {

// Autolab puts quotes round each word before a colon, wherever it stands; so only a plain word may be a name.
std::string name_of(const Exercise& exercise, std::size_t place) {
  const auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  };
  const bool is_plain = exercise.id.size() <= 100 && std::all_of(exercise.id.begin(), exercise.id.end(), plain);
  return is_plain && !exercise.id.empty() ? exercise.id : fmt::format("{:02}", place);
}

}  // namespace

std::optional<std::string> autolab(const nlohmann::json& report) {
  const Report read = read_report(report);
  if (read.exercises.empty()) return std::nullopt;
  nlohmann::ordered_json scores = nlohmann::ordered_json::object();
  nlohmann::ordered_json none = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < read.exercises.size(); ++i) {
    const std::string name = name_of(read.exercises[i], i + 1);
    none[name] = nullptr;
    if (const auto points = points_of(read, read.exercises[i])) scores[name] = json_number(*points);
  }
  const nlohmann::ordered_json line{{"scores", scores.empty() ? none : scores}};
  return line.dump() + "\n";
}

}  // namespace lab::grader::formats
