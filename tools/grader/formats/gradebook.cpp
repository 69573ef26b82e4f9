#include "tools/grader/formats/gradebook.hpp"

#include <fmt/format.h>

#include <string_view>

#include "tools/grader/formats/differences.hpp"
#include "tools/grader/formats/report.hpp"
#include "tools/grader/formats/text.hpp"

namespace lab::grader::formats {
namespace {

constexpr std::size_t cell_bytes_max = 1000;

std::string escaped(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string cell = "\"";
  for (const char c : text) cell += c == '"' ? std::string("\"\"") : std::string(1, c);
  return cell + "\"";
}

// Of foreign text. Spaces before the sign help nobody, and the full-width signs are signs to some.
std::string foreign(const std::string& text) {
  std::string cell = cut(one_line(text), cell_bytes_max);
  for (const std::string_view sign : {"=", "+", "-", "@", "＝", "＋", "－", "＠"}) {
    if (cell.compare(0, sign.size(), sign) == 0) {
      cell.insert(0, 1, '\'');
      break;
    }
  }
  return escaped(cell);
}

std::string points_cell(const std::optional<double>& points) { return points ? number(*points) : ""; }

std::string line_of(const std::vector<std::string>& cells) { return fmt::format("{}\r\n", fmt::join(cells, ",")); }

void add_points(std::vector<std::string>& cells, const std::vector<std::string>& ids, const Report* report) {
  for (const std::string& id : ids) {
    const Exercise* one = report == nullptr ? nullptr : exercise_with(*report, id);
    cells.push_back(one == nullptr ? "" : points_cell(points_of(*report, *one)));
  }
}

void add_change(std::vector<std::string>& cells, const Change& change) {
  cells.push_back(change.was == nullptr ? "" : word(change.was->verdict));
  const auto before = change.points_before();
  const auto now = change.points();
  cells.push_back(points_cell(before));
  cells.push_back(before && now ? number(*now - *before) : "");
  std::string exercises;
  if (change.was != nullptr && change.is != nullptr) {
    for (const ExerciseChange& one : change.exercises) {
      exercises += (exercises.empty() ? "" : "; ") + one.id + ": " + change_told(one);
    }
  }
  cells.push_back(foreign(exercises));
}

std::string table(const std::vector<Report>& now, const std::vector<Report>* before) {
  std::vector<std::string> ids = exercise_ids(now);
  std::vector<std::string> head{"subject", "verdict", "points"};
  for (const std::string& id : ids) head.push_back(foreign(id));
  if (before != nullptr) head.insert(head.end(), {"verdict_before", "points_before", "change", "changed"});
  std::string text = line_of(head);
  static const std::vector<Report> none;
  for (const Change& one : changes(before == nullptr ? none : *before, now)) {
    std::vector<std::string> cells{foreign(one.subject), one.is == nullptr ? "" : word(one.is->verdict),
                                   points_cell(one.points())};
    add_points(cells, ids, one.is);
    if (before != nullptr) add_change(cells, one);
    text += line_of(cells);
  }
  return text;
}

}  // namespace

std::string gradebook(const std::vector<nlohmann::json>& reports) { return table(read_reports(reports), nullptr); }

std::string gradebook(const std::vector<nlohmann::json>& reports, const std::vector<nlohmann::json>& before) {
  const std::vector<Report> earlier = read_reports(before);
  return table(read_reports(reports), &earlier);
}

}  // namespace lab::grader::formats
