#include "tools/grader/formats/page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/grader/formats/html.hpp"
#include "tools/grader/formats/report.hpp"
#include "tools/grader/formats/text.hpp"
#include "tools/grader/formats/told.hpp"

namespace lab::grader::formats {
namespace {

using html::add;
using html::add_text;
using pugi::xml_node;

constexpr std::size_t warnings_max = 100;
constexpr std::size_t heading_bytes_max = 500;

double share_of(double part, double whole) { return whole > 0 ? part / whole : 0; }

std::string anchor(std::size_t place) { return fmt::format("exercise-{}", place + 1); }

std::string title_of(const Exercise& exercise) {
  return cut(one_line(exercise.id + " " + exercise.title), heading_bytes_max);
}

std::string with_capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

// Wide text that a keyboard can scroll too.
void add_wide(xml_node parent, const std::string& label, const std::string& text) {
  // HTML drops a line end at the beginning, so one that is ours comes first.
  add(parent, "pre", {{"tabindex", "0"}, {"role", "region"}, {"aria-label", label}}, "\n" + text);
}

void add_fact(xml_node list, const char* name, const std::string& what) {
  if (what.empty()) return;
  add(list, "dt", {}, name);
  add(list, "dd", {}, what);
}

void add_code_fact(xml_node list, const char* name, const std::string& what) {
  if (what.empty()) return;
  add(list, "dt", {}, name);
  add(add(list, "dd"), "code", {}, what);
}

void add_notice(xml_node parent, const std::string& what, const std::vector<std::string>& reasons) {
  xml_node notice = add(parent, "div", {{"class", "notice"}, {"role", "note"}});
  add(notice, "p", {}, what);
  for (const std::string& reason : reasons) add(notice, "p", {}, reason);
}

std::string tier_told(double tier) {
  if (tier == 1) return "sandbox tier 1 (namespaces)";
  if (tier == 2) return "sandbox tier 2 (a user of its own, limits)";
  return "sandbox tier " + number(tier);
}

void add_header(xml_node main, const Report& report) {
  xml_node header = add(main, "header");
  add(header, "p", {{"class", "over"}}, "Session Race Lab: grade");
  add(header, "h1", {}, report.subject.empty() ? "A submission" : cut(report.subject, heading_bytes_max));
  xml_node result = add(header, "div", {{"class", "result"}});
  add(result, "strong", {}, with_capital(points_told(report)));
  html::add_badge(result, report.verdict, words_of(report.verdict));
  if (const auto points = points_of(report)) {
    html::add_bar(result, share_of(*points, report.points_max), "passed");
  }
  std::vector<std::string> facts{fmt::format("Judged in {:.1f} s", report.seconds)};
  if (!report.seed.empty()) facts.push_back("seed " + report.seed);
  if (report.tier) facts.push_back(tier_told(*report.tier));
  add(header, "p", {{"class", "quiet"}}, fmt::format("{}", fmt::join(facts, ", ")));
  if (!points_of(report)) {
    add_notice(header,
               report.verdict == Verdict::could_not_judge
                   ? "This submission could not be judged. " + std::string(not_your_fault)
                   : "An exercise could not be judged, so there is no sum yet. " + std::string(not_your_fault),
               report.reasons);
  } else if (!report.reasons.empty()) {
    add_notice(header, "About this submission as a whole:", report.reasons);
  }
}

xml_node add_table(xml_node parent, const std::string& label, const char* kind = "scroll") {
  return add(add(parent, "div", {{"class", kind}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", label}}),
             "table");
}

void add_column(xml_node row, const char* name, const char* kind = nullptr) {
  xml_node cell = add(row, "th", {{"scope", "col"}}, name);
  if (kind != nullptr) cell.append_attribute("class") = kind;
}

void add_overview(xml_node main, const Report& report) {
  if (report.exercises.empty()) return;
  xml_node section = add(main, "section", {{"aria-labelledby", "exercises"}});
  add(section, "h2", {{"id", "exercises"}}, "Exercises");
  xml_node table = add_table(section, "Exercises");
  xml_node columns = add(add(table, "thead"), "tr");
  add_column(columns, "Exercise");
  add_column(columns, "Verdict");
  add_column(columns, "Points", "number");
  add(columns, "td", {{"class", "wide"}}, "");
  xml_node body = add(table, "tbody");
  for (std::size_t i = 0; i < report.exercises.size(); ++i) {
    const Exercise& one = report.exercises[i];
    xml_node row = add(body, "tr");
    add(add(row, "th", {{"scope", "row"}}), "a", {{"href", "#" + anchor(i)}}, title_of(one));
    html::add_badge(add(row, "td"), one.verdict, words_of(one.verdict));
    const auto points = points_of(report, one);
    add(row, "td", {{"class", "number"}},
        points ? fmt::format("{} of {}", number(*points), number(one.points_max)) : "–");
    xml_node cell = add(row, "td", {{"class", "wide"}}, "");
    if (points) html::add_bar(cell, share_of(*points, one.points_max), "passed");
  }
}

void add_judge_table(xml_node main, const Report& report) {
  if (report.judges.empty()) return;
  xml_node section = add(main, "section", {{"aria-labelledby", "judges"}});
  add(section, "h2", {{"id", "judges"}}, "Judges");
  xml_node table = add_table(section, "Judges");
  xml_node columns = add(add(table, "thead"), "tr");
  add_column(columns, "Judge");
  add_column(columns, "Verdict");
  add_column(columns, "Runs", "number");
  add_column(columns, "Seconds", "number");
  xml_node body = add(table, "tbody");
  for (const Judge& one : report.judges) {
    xml_node row = add(body, "tr");
    xml_node name = add(row, "th", {{"scope", "row"}}, with_capital(words_of_judge(one.judge)));
    if (!one.reason.empty()) add(name, "p", {{"class", "quiet"}}, one.reason);
    html::add_badge(add(row, "td"), one.verdict, words_of(one.verdict));
    add(row, "td", {{"class", "number"}}, number(one.runs));
    add(row, "td", {{"class", "number"}}, fmt::format("{:.1f}", one.seconds));
  }
}

Verdict badge_of(const Evidence& one) {
  if (one.could_not_judge()) return Verdict::could_not_judge;
  return one.verdict == "skipped" || !one.scored ? Verdict::skipped : Verdict::failed;
}

std::string claim_points(const Evidence& one) {
  if (!one.scored) return "shown, not scored";
  if (one.could_not_judge() || !one.points || !one.points_max) return "";
  return fmt::format("{} of {}", number(*one.points), counted(*one.points_max, "point"));
}

std::string judged_by(const Evidence& one) {
  std::string text = words_of_judge(one.judge);
  if (const std::string effort = effort_of(one); !effort.empty()) text += (text.empty() ? "" : ", ") + effort;
  return text;
}

void add_claim(xml_node parent, const Evidence& one) {
  xml_node claim = add(parent, "div", {{"class", "claim"}});
  xml_node head = add(claim, "div", {{"class", "head"}});
  add(head, "h4", {}, one.test.empty() ? "Shown by " + words_of_judge(one.judge) : cut(one.test, heading_bytes_max));
  html::add_badge(head, badge_of(one), words_of_verdict(one.verdict));
  if (const std::string points = claim_points(one); !points.empty()) add(head, "span", {{"class", "quiet"}}, points);
  xml_node facts = add(claim, "dl");
  add_fact(facts, "Expected", one.expected);
  add_fact(facts, "Got", one.summary);
  add_code_fact(facts, "Where", one.location);
  add_fact(facts, "Judge", judged_by(one));
  add_fact(facts, "Note", one.advice);
  add_code_fact(facts, "Run it again", replay_command(one));
  if (!facts.first_child()) claim.remove_child(facts);
  if (!one.timeline.empty())
    add(add(claim, "p"), "a", {{"href", one.timeline}}, "Step through the schedule in which it happens");
  if (one.account.empty()) return;
  const bool sanitizer = one.judge == "tsan" || one.judge == "asan";
  const std::string label = sanitizer ? "The report of " + words_of_judge(one.judge)
                                      : "A schedule in which it happens; time runs downwards, a column is a thread";
  add(claim, "p", {{"class", "quiet"}}, label + ":");
  add_wide(claim, label, one.account);
}

void add_held(xml_node parent, const Exercise& exercise) {
  xml_node list;
  for (const Evidence& one : exercise.evidence) {
    if (!one.passed()) continue;
    if (!list) list = add(parent, "ul", {{"class", "plain"}, {"aria-label", "Claims that hold"}});
    xml_node item = add(list, "li");
    add(item, "span", {{"class", "sign passed"}, {"aria-hidden", "true"}}, html::sign_of(Verdict::passed));
    add(item, "span", {{"class", "hidden"}}, "holds: ");
    add_text(item, one.test);
    std::vector<std::string> facts;
    if (const std::string by = judged_by(one); !by.empty()) facts.push_back(by);
    if (const std::string points = claim_points(one); !points.empty()) facts.push_back(points);
    if (!facts.empty()) add(item, "span", {{"class", "quiet"}}, fmt::format(" ({})", fmt::join(facts, "; ")));
  }
}

bool has_nothing_wrong(const Exercise& exercise) {
  return exercise.verdict == Verdict::passed && std::all_of(exercise.evidence.begin(), exercise.evidence.end(),
                                                            [](const Evidence& one) { return one.passed(); });
}

void add_exercise(xml_node section, const Report& report, std::size_t place) {
  const Exercise& one = report.exercises[place];
  xml_node card = add(section, "article", {{"class", "card"}, {"id", anchor(place)}});
  xml_node head = add(card, "div", {{"class", "head"}});
  add(head, "h3", {}, title_of(one));
  html::add_badge(head, one.verdict, words_of(one.verdict));
  add(head, "span", {}, points_told(report, one));
  if (one.verdict == Verdict::could_not_judge) add(card, "p", {}, not_your_fault);
  for (const std::string& reason : one.reasons) add(card, "p", {}, reason);
  if (!one.mended_by.empty()) {
    add(card, "p", {{"class", "quiet"}}, "Mended by the repair of exercise " + one.mended_by + ".");
  }
  if (!one.also_seen.empty()) {
    add(card, "p", {{"class", "quiet"}},
        fmt::format("Also seen here, and counted there: exercise {}.", fmt::join(one.also_seen, ", ")));
  }
  for (const Evidence& evidence : one.evidence) {
    if (!evidence.passed()) add_claim(card, evidence);
  }
  add_held(card, one);
}

// What needs a look comes first.
void add_exercises(xml_node main, const Report& report) {
  for (const bool held : {false, true}) {
    xml_node section;
    for (std::size_t i = 0; i < report.exercises.size(); ++i) {
      if (has_nothing_wrong(report.exercises[i]) != held) continue;
      if (!section) {
        const char* id = held ? "held" : "found";
        section = add(main, "section", {{"class", held ? "held" : "found"}, {"aria-labelledby", id}});
        add(section, "h2", {{"id", id}}, held ? "What holds" : "What to look at");
      }
      add_exercise(section, report, i);
    }
  }
}

void add_warnings(xml_node main, const Report& report) {
  if (report.warnings.empty()) return;
  xml_node section = add(main, "section", {{"aria-labelledby", "warnings"}});
  add(section, "h2", {{"id", "warnings"}}, "Warnings");
  add(section, "p", {{"class", "quiet"}}, "They cost no points, and are worth a look.");
  for (std::size_t i = 0; i < std::min(report.warnings.size(), warnings_max); ++i) {
    const Warning& one = report.warnings[i];
    if (!one.compiler.empty() && (i == 0 || report.warnings[i - 1].compiler != one.compiler)) {
      add(section, "h3", {}, one.compiler);
    }
    add_wide(section, "Warning of " + one.compiler, one.text);
  }
  if (report.warnings.size() > warnings_max) {
    add(section, "p", {}, counted(static_cast<double>(report.warnings.size() - warnings_max), "more warning") + ".");
  }
}

}  // namespace

std::string page(const nlohmann::json& report) {
  const Report read = read_report(report);
  const std::string subject = read.subject.empty() ? "A submission" : cut(read.subject, heading_bytes_max);
  html::Page made(subject + ": " + points_told(read));
  add_header(made.main(), read);
  add_overview(made.main(), read);
  add_exercises(made.main(), read);
  add_warnings(made.main(), read);
  add_judge_table(made.main(), read);
  xml_node footer = add(made.main(), "footer");
  add(footer, "p", {},
      "How to read a schedule: docs/guide/read-lanes.md of the lab. A run that failed can be run again, "
      "step by step, by the command beside it, in the lab's folder with this submission as the working copy.");
  return made.text();
}

}  // namespace lab::grader::formats
