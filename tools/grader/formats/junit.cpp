#include "tools/grader/formats/junit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "tools/grader/formats/report.hpp"
#include "tools/grader/formats/text.hpp"
#include "tools/grader/formats/told.hpp"

namespace lab::grader::formats {
namespace {

constexpr std::size_t attribute_bytes_max = 1000;

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name).set_value(cut(one_line(value), attribute_bytes_max).c_str());
}

std::string seconds_told(double seconds) { return fmt::format("{:.3f}", seconds); }

struct Counts {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;

  void add(const Counts& other) {
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
  }
};

class Suite {
public:
  Suite(pugi::xml_node parent, const std::string& name) : node_(parent.append_child("testsuite")), name_(name) {
    set(node_, "name", name);
  }

  pugi::xml_node node() const { return node_; }

  // `type` and `message` are of what keeps it from passing.
  void add(const std::string& name, Verdict verdict, const std::string& type, const std::string& message,
           const std::string& text, double seconds = -1) {
    pugi::xml_node test = node_.append_child("testcase");
    set(test, "classname", name_);
    set(test, "name", name);
    if (seconds >= 0) set(test, "time", seconds_told(seconds));
    ++counts_.tests;
    if (verdict == Verdict::passed) {
      if (!text.empty()) test.append_child("system-out").text().set(text.c_str());
      return;
    }
    pugi::xml_node why;
    if (verdict == Verdict::failed) {
      why = test.append_child("failure");
      ++counts_.failures;
    } else if (verdict == Verdict::skipped) {
      why = test.append_child("skipped");
      ++counts_.skipped;
    } else {
      why = test.append_child("error");
      ++counts_.errors;
    }
    set(why, "type", type);
    set(why, "message", message);
    if (!text.empty()) why.text().set(text.c_str());
  }

  Counts finish() {
    node_.append_attribute("tests").set_value(counts_.tests);
    node_.append_attribute("failures").set_value(counts_.failures);
    node_.append_attribute("errors").set_value(counts_.errors);
    node_.append_attribute("skipped").set_value(counts_.skipped);
    return counts_;
  }

private:
  pugi::xml_node node_;
  const std::string name_;
  Counts counts_;
};

Verdict verdict_of(const Evidence& one) {
  if (one.could_not_judge()) return one.scored ? Verdict::could_not_judge : Verdict::passed;
  if (one.verdict == "skipped") return Verdict::skipped;
  return one.failed() && one.scored ? Verdict::failed : Verdict::passed;
}

std::string first_or(const std::vector<std::string>& reasons, const std::string& otherwise) {
  return reasons.empty() ? otherwise : reasons.front();
}

Counts add_exercise(pugi::xml_node parent, const Report& report, const Exercise& exercise) {
  Suite suite(parent, one_line(exercise.id + " " + exercise.title));
  bool shown = false;
  for (const Evidence& one : exercise.evidence) {
    Verdict verdict = verdict_of(one);
    // What another's repair or a rule of blame excuses is no failure of this exercise.
    if (verdict == Verdict::failed && (exercise.verdict == Verdict::passed || exercise.verdict == Verdict::skipped))
      verdict = Verdict::passed;
    if (verdict == Verdict::could_not_judge && exercise.verdict != Verdict::could_not_judge) verdict = Verdict::skipped;
    shown = shown || verdict == exercise.verdict;
    suite.add(one.test, verdict, one.verdict, one.summary, one.passed() ? "" : told(one, true));
  }
  if (!shown || exercise.evidence.empty()) {
    suite.add(exercise.title, exercise.verdict, word(exercise.verdict),
              first_or(exercise.reasons, words_of(exercise.verdict)), told(report, exercise, false));
  }
  return suite.finish();
}

void add_property(pugi::xml_node properties, const char* name, const std::string& value) {
  pugi::xml_node property = properties.append_child("property");
  set(property, "name", name);
  set(property, "value", value);
}

Counts add_judges(pugi::xml_node parent, const Report& report) {
  Suite suite(parent, "judges");
  pugi::xml_node properties = suite.node().append_child("properties");
  add_property(properties, "verdict", word(report.verdict));
  if (const auto points = points_of(report)) add_property(properties, "points", number(*points));
  add_property(properties, "points_max", number(report.points_max));
  if (!report.seed.empty()) add_property(properties, "seed", report.seed);
  if (report.tier) add_property(properties, "tier", number(*report.tier));
  // That the submission as a whole was judged. What failed in it is told by the exercises, if one of them tells it.
  const bool told_below = std::any_of(report.exercises.begin(), report.exercises.end(), [&](const Exercise& one) {
    return one.verdict == Verdict::failed || one.verdict == Verdict::could_not_judge;
  });
  const bool fails = report.verdict == Verdict::could_not_judge || (report.verdict == Verdict::failed && !told_below);
  suite.add("the submission", fails ? report.verdict : Verdict::passed, word(report.verdict),
            first_or(report.reasons, words_of(report.verdict)), told_of_whole(report));
  for (const Judge& one : report.judges) {
    Verdict verdict = one.verdict;
    // What a judge found is told by the exercises, and one of several may be missing where the others suffice.
    if (verdict == Verdict::failed) verdict = Verdict::passed;
    if (verdict == Verdict::could_not_judge && report.verdict == Verdict::passed) verdict = Verdict::skipped;
    suite.add(
        words_of_judge(one.judge), verdict, word(one.verdict), one.reason.empty() ? words_of(one.verdict) : one.reason,
        one.verdict == Verdict::passed ? "" : words_of(one.verdict) + (one.reason.empty() ? "" : ". " + one.reason),
        one.seconds);
  }
  return suite.finish();
}

}  // namespace

std::string junit(const nlohmann::json& report) {
  const Report read = read_report(report);
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node suites = document.append_child("testsuites");
  set(suites, "name", read.subject);
  set(suites, "time", seconds_told(read.seconds));
  Counts counts = add_judges(suites, read);
  for (const Exercise& one : read.exercises) counts.add(add_exercise(suites, read, one));
  suites.append_attribute("tests").set_value(counts.tests);
  suites.append_attribute("failures").set_value(counts.failures);
  suites.append_attribute("errors").set_value(counts.errors);
  std::ostringstream text;
  document.save(text, "  ", pugi::format_indent, pugi::encoding_utf8);
  return text.str();
}

}  // namespace lab::grader::formats
