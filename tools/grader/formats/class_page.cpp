#include "tools/grader/formats/class_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "tools/grader/formats/differences.hpp"
#include "tools/grader/formats/html.hpp"
#include "tools/grader/formats/report.hpp"
#include "tools/grader/formats/text.hpp"
#include "tools/grader/formats/told.hpp"

namespace lab::grader::formats {
namespace {

using html::add;
using html::add_text;
using pugi::xml_node;

constexpr std::size_t line_bytes_max = 200;
constexpr std::size_t claims_max = 15;

using Reports = std::vector<Report>;

xml_node add_section(xml_node main, const char* id, const char* title) {
  xml_node section = add(main, "section", {{"aria-labelledby", id}});
  add(section, "h2", {{"id", id}}, title);
  return section;
}

xml_node add_table(xml_node parent, const char* label, const char* kind = "") {
  xml_node around =
      add(parent, "div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", label}});
  return *kind == '\0' ? add(around, "table") : add(around, "table", {{"class", kind}});
}

void add_columns(xml_node table, const std::vector<std::pair<std::string, const char*>>& columns) {
  xml_node row = add(add(table, "thead"), "tr");
  for (const auto& [name, kind] : columns) {
    // Over bars that repeat a number there is nothing to say.
    xml_node cell = name.empty() ? add(row, "td", {}, "") : add(row, "th", {{"scope", "col"}}, name);
    if (*kind != '\0') cell.append_attribute("class") = kind;
  }
}

void add_number(xml_node row, std::size_t count) {
  add(row, "td", {{"class", "number"}}, number(static_cast<double>(count)));
}

std::string subject_of(const std::string& subject) {
  return subject.empty() ? "(without a name)" : cut(one_line(subject), line_bytes_max);
}

std::string short_number(double value) {
  return value == static_cast<double>(static_cast<long>(value)) ? number(value) : fmt::format("{:.1f}", value);
}

void add_fact(xml_node list, const char* name, const std::string& what) {
  xml_node pair = add(list, "div");
  add(pair, "dt", {}, name);
  add(pair, "dd", {}, what);
}

std::vector<double> all_points(const Reports& reports) {
  std::vector<double> points;
  for (const Report& one : reports) {
    if (const auto earned = points_of(one)) points.push_back(*earned);
  }
  std::sort(points.begin(), points.end());
  return points;
}

double points_max_of(const Reports& reports) {
  double most = 0;
  for (const Report& one : reports) most = std::max({most, one.points_max, points_of(one).value_or(0)});
  return most;
}

double median_of(const std::vector<double>& sorted) {
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

std::size_t count(const Reports& reports, Verdict verdict) {
  return static_cast<std::size_t>(
      std::count_if(reports.begin(), reports.end(), [&](const Report& one) { return one.verdict == verdict; }));
}

void add_facts(xml_node main, const Reports& reports) {
  xml_node facts = add(main, "dl", {{"class", "facts"}});
  const std::vector<double> points = all_points(reports);
  add_fact(facts, "Submissions", number(static_cast<double>(reports.size())));
  add_fact(facts, "Passed", number(static_cast<double>(count(reports, Verdict::passed))));
  add_fact(facts, "To grade again", number(static_cast<double>(reports.size() - points.size())));
  if (points.empty()) return;
  double sum = 0;
  for (const double one : points) sum += one;
  add_fact(facts, "Mean", short_number(sum / static_cast<double>(points.size())));
  add_fact(facts, "Median", short_number(median_of(points)));
  add_fact(facts, "Range", short_number(points.front()) + " to " + short_number(points.back()));
}

// Ten columns of equal width; the last takes the most too. The numbers stand in it as text, so that nothing is told by
// a length alone.
void add_histogram(xml_node main, const Reports& reports) {
  const std::vector<double> points = all_points(reports);
  const double most = points_max_of(reports);
  if (points.empty() || most <= 0) return;
  constexpr std::size_t bins = 10;
  std::vector<std::size_t> counts(bins, 0);
  for (const double one : points) {
    ++counts[std::min(bins - 1, static_cast<std::size_t>(one / most * static_cast<double>(bins)))];
  }
  const std::size_t highest = *std::max_element(counts.begin(), counts.end());
  xml_node section = add_section(main, "points", "Points");
  const auto edge = [&](std::size_t bin) { return short_number(most * static_cast<double>(bin) / bins); };
  std::string label = "How many submissions have how many points:";
  for (std::size_t i = 0; i < bins; ++i) label += fmt::format(" {} to {}: {};", edge(i), edge(i + 1), counts[i]);
  xml_node picture =
      add(section, "svg", {{"class", "histogram"}, {"viewBox", "0 0 540 190"}, {"role", "img"}, {"aria-label", label}});
  constexpr double left = 20;
  constexpr double wide = 50;
  constexpr double floor = 160;
  constexpr double tall = 130;
  for (std::size_t i = 0; i < bins; ++i) {
    const double x = left + wide * static_cast<double>(i);
    const double height = tall * static_cast<double>(counts[i]) / static_cast<double>(highest);
    if (counts[i] > 0) {
      add(picture, "rect",
          {{"x", fmt::format("{:.0f}", x + 3)},
           {"y", fmt::format("{:.1f}", floor - height)},
           {"width", fmt::format("{:.0f}", wide - 6)},
           {"height", fmt::format("{:.1f}", height)},
           {"rx", "2"}},
          "");
      add(picture, "text",
          {{"x", fmt::format("{:.0f}", x + wide / 2)},
           {"y", fmt::format("{:.1f}", floor - height - 5)},
           {"text-anchor", "middle"}},
          number(static_cast<double>(counts[i])));
    }
    add(picture, "text", {{"x", fmt::format("{:.0f}", x)}, {"y", "178"}, {"text-anchor", "middle"}}, edge(i));
  }
  add(picture, "text", {{"x", fmt::format("{:.0f}", left + wide * bins)}, {"y", "178"}, {"text-anchor", "middle"}},
      edge(bins));
  add(picture, "line",
      {{"x1", fmt::format("{:.0f}", left)},
       {"x2", fmt::format("{:.0f}", left + wide * bins)},
       {"y1", "160"},
       {"y2", "160"}},
      "");
  add(section, "p", {{"class", "quiet"}},
      "Above a column: submissions. Below: points. A column takes its left edge, the last one both.");
}

struct Tally {
  std::string title;
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t unjudged = 0;
};

void add_exercises(xml_node main, const Reports& reports, const std::vector<std::string>& ids) {
  if (ids.empty()) return;
  std::map<std::string, Tally> tallies;
  for (const Report& report : reports) {
    for (const Exercise& one : report.exercises) {
      Tally& tally = tallies[one.id];
      if (tally.title.empty()) tally.title = one.title;
      if (one.verdict == Verdict::passed) ++tally.passed;
      if (one.verdict == Verdict::failed) ++tally.failed;
      if (!points_of(report, one)) ++tally.unjudged;
    }
  }
  xml_node section = add_section(main, "exercises", "Exercises");
  xml_node table = add_table(section, "Exercises");
  add_columns(table,
              {{"Exercise", ""}, {"Passed", "number"}, {"Failed", "number"}, {"Not judged", "number"}, {"", "wide"}});
  xml_node body = add(table, "tbody");
  for (const std::string& id : ids) {
    const Tally& tally = tallies[id];
    xml_node row = add(body, "tr");
    add(row, "th", {{"scope", "row"}}, cut(one_line(id + " " + tally.title), line_bytes_max));
    add_number(row, tally.passed);
    add_number(row, tally.failed);
    add_number(row, tally.unjudged);
    const std::size_t judged = tally.passed + tally.failed;
    xml_node cell = add(row, "td", {{"class", "wide"}}, "");
    if (judged > 0) html::add_bar(cell, static_cast<double>(tally.passed) / static_cast<double>(judged), "passed");
  }
}

void add_claims(xml_node main, const Reports& reports) {
  struct Failing {
    std::string exercise;
    std::string claim;
    std::size_t failed = 0;
    std::size_t tried = 0;
  };
  std::map<std::string, Failing> all;
  for (const Report& report : reports) {
    for (const Exercise& exercise : report.exercises) {
      for (const Evidence& one : exercise.evidence) {
        if (!one.scored || one.could_not_judge()) continue;
        Failing& failing = all[exercise.id + "\n" + one.test];
        failing.exercise = exercise.id;
        failing.claim = one.test;
        ++failing.tried;
        if (one.failed()) ++failing.failed;
      }
    }
  }
  std::vector<Failing> most;
  for (const auto& [key, one] : all) {
    if (one.failed > 0) most.push_back(one);
  }
  std::stable_sort(most.begin(), most.end(), [](const Failing& a, const Failing& b) { return a.failed > b.failed; });
  if (most.size() > claims_max) most.resize(claims_max);
  if (most.empty()) return;
  xml_node section = add_section(main, "claims", "Claims that fail most");
  xml_node table = add_table(section, "Claims that fail most");
  add_columns(table, {{"Claim", ""}, {"Exercise", ""}, {"Failed", "number"}, {"Tried", "number"}, {"", "wide"}});
  xml_node body = add(table, "tbody");
  for (const Failing& one : most) {
    xml_node row = add(body, "tr");
    add(row, "th", {{"scope", "row"}}, cut(one_line(one.claim), line_bytes_max));
    add(row, "td", {}, cut(one.exercise, line_bytes_max));
    add_number(row, one.failed);
    add_number(row, one.tried);
    html::add_bar(add(row, "td", {{"class", "wide"}}), static_cast<double>(one.failed) / static_cast<double>(one.tried),
                  "failed");
  }
}

void add_to_grade_again(xml_node main, const Reports& reports) {
  xml_node list;
  for (const Report& report : reports) {
    if (points_of(report)) continue;
    if (!list) {
      xml_node section = add_section(main, "again", "To grade again");
      xml_node notice = add(section, "div", {{"class", "notice"}, {"role", "note"}});
      add(notice, "p", {},
          "These could not be judged. That is a fault of the grader or of its machine: they have no points, and no "
          "zero.");
      list = add(notice, "ul", {{"class", "plain"}});
    }
    xml_node item = add(list, "li");
    add(item, "span", {{"class", "sign unjudged"}, {"aria-hidden", "true"}}, html::sign_of(Verdict::could_not_judge));
    add(item, "strong", {}, subject_of(report.subject));
    std::string why;
    for (const Exercise& one : report.exercises) {
      if (one.verdict == Verdict::could_not_judge) why += (why.empty() ? "exercise " : ", ") + one.id;
    }
    if (!report.reasons.empty()) why += (why.empty() ? "" : "; ") + report.reasons.front();
    if (!why.empty()) add_text(item, ": " + cut(one_line(why), 2 * line_bytes_max));
  }
}

void add_submissions(xml_node main, const Reports& reports, const std::vector<std::string>& ids) {
  if (reports.empty()) return;
  xml_node section = add_section(main, "submissions", "Submissions");
  add(section, "p", {{"class", "quiet"}},
      "✓ passed   ✗ failed   ? could not be judged   – skipped or not there. The number is points.");
  xml_node table = add_table(section, "Submissions", "grid");
  std::vector<std::pair<std::string, const char*>> columns{{"Submission", ""}, {"Verdict", ""}, {"Points", "number"}};
  for (const std::string& id : ids) columns.emplace_back(cut(id, line_bytes_max), "center");
  add_columns(table, columns);
  xml_node body = add(table, "tbody");
  for (const Report& report : reports) {
    xml_node row = add(body, "tr");
    add(row, "th", {{"scope", "row"}}, subject_of(report.subject));
    html::add_badge(add(row, "td"), report.verdict, words_of(report.verdict));
    const auto points = points_of(report);
    add(row, "td", {{"class", "number"}}, points ? number(*points) : "?");
    for (const std::string& id : ids) {
      static const char* const kinds[] = {"center passed", "center failed", "center unjudged", "center skipped"};
      const Exercise* one = exercise_with(report, id);
      const Verdict verdict = one == nullptr ? Verdict::skipped : one->verdict;
      const auto earned = one == nullptr ? std::nullopt : points_of(report, *one);
      std::string text = html::sign_of(verdict);
      if (earned && verdict != Verdict::skipped) text += " " + number(*earned);
      add(row, "td", {{"class", kinds[static_cast<int>(verdict)]}}, text);
    }
  }
}

void add_changes(xml_node main, const Reports& before, const Reports& now) {
  const std::vector<Change> all = changes(before, now);
  std::map<std::string, std::size_t> counts;
  for (const Change& one : all) ++counts[one.change];
  xml_node section = add_section(main, "changes", "Since the run before");
  std::vector<std::string> told;
  for (const char* change : {"better", "worse", "changed", "added", "removed", "same"}) {
    if (counts[change] > 0) told.push_back(fmt::format("{} {}", counts[change], change));
  }
  add(section, "p", {}, told.empty() ? "Neither run has a submission." : fmt::format("{}.", fmt::join(told, ", ")));
  if (counts["same"] == all.size()) return;
  xml_node table = add_table(section, "Submissions that changed");
  add_columns(table, {{"Submission", ""}, {"Change", ""}, {"Before", "number"}, {"Now", "number"}, {"Exercises", ""}});
  xml_node body = add(table, "tbody");
  const auto told_points = [](const Report* report, const std::optional<double>& points) {
    return points ? number(*points) : std::string(report == nullptr ? "–" : "?");
  };
  for (const Change& one : all) {
    if (one.change == "same") continue;
    xml_node row = add(body, "tr");
    add(row, "th", {{"scope", "row"}}, subject_of(one.subject));
    add(row, "td", {}, one.change);
    add(row, "td", {{"class", "number"}}, told_points(one.was, one.points_before()));
    add(row, "td", {{"class", "number"}}, told_points(one.is, one.points()));
    std::string exercises;
    if (one.was != nullptr && one.is != nullptr) {
      for (const ExerciseChange& each : one.exercises) {
        exercises += (exercises.empty() ? "" : "; ") + each.id + ": " + change_told(each);
      }
    }
    add(row, "td", {}, cut(exercises, 5 * line_bytes_max));
  }
}

std::string made(const Reports& reports, const Reports* before, const ClassPageOptions& options) {
  const std::string title = cut(one_line(printable(options.title)), line_bytes_max);
  html::Page made(title + ": grades");
  xml_node header = add(made.main(), "header");
  add(header, "p", {{"class", "over"}}, "Session Race Lab: a class");
  add(header, "h1", {}, title);
  add_facts(header, reports);
  const std::vector<std::string> ids = exercise_ids(reports);
  add_to_grade_again(made.main(), reports);
  if (before != nullptr) add_changes(made.main(), *before, reports);
  add_histogram(made.main(), reports);
  add_exercises(made.main(), reports, ids);
  add_claims(made.main(), reports);
  add_submissions(made.main(), reports, ids);
  return made.text();
}

}  // namespace

std::string class_page(const std::vector<nlohmann::json>& reports, const ClassPageOptions& options) {
  return made(read_reports(reports), nullptr, options);
}

std::string class_page(const std::vector<nlohmann::json>& reports, const std::vector<nlohmann::json>& before,
                       const ClassPageOptions& options) {
  const Reports earlier = read_reports(before);
  return made(read_reports(reports), &earlier, options);
}

}  // namespace lab::grader::formats
