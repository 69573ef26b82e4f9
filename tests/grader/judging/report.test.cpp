// The report has what docs/reference/grade-report.md says, and every format takes it.
#include "tools/grader/judging/report.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "tests/grader/judging/sample.hpp"
#include "tools/grader/formats/autolab.hpp"
#include "tools/grader/formats/class_page.hpp"
#include "tools/grader/formats/gradebook.hpp"
#include "tools/grader/formats/gradescope.hpp"
#include "tools/grader/formats/junit.hpp"
#include "tools/grader/formats/page.hpp"
#include "tools/grader/formats/prairielearn.hpp"
#include "tools/grader/formats/sarif.hpp"

using namespace lab::grader;
using namespace lab::exercises;
using nlohmann::json;
using samples::finding;
using samples::opinion;

namespace {

const Course& course() {
  static const Course one = samples::course();
  return one;
}

Case case_with(std::vector<Opinion> opinions) {
  Case about;
  about.subject = "someone";
  about.seed = 7;
  about.seconds = 12.5;
  about.fingerprint = "f";
  about.opinions = std::move(opinions);
  return about;
}

json passed_report() {
  return report_of(course(), case_with({opinion("explorer", samples::all_passed(course().index))}));
}

json failed_report() {
  std::vector<Finding> findings = samples::all_passed(course().index);
  findings[0] = finding(findings[0].claim, "assertion", "it got 1");
  findings[0].replay = "lab1-abc";
  findings[0].location = "session_manager.cpp:57";
  return report_of(course(), case_with({opinion("explorer", findings)}));
}

json unjudged_in_part() {
  std::vector<Finding> findings = samples::all_passed(course().index);
  findings[0] = finding(findings[0].claim, "could_not_judge", "the machine is full");
  Opinion one = opinion("explorer", findings);
  one.verdict = "could_not_judge";
  one.reason = "the machine is full";
  return report_of(course(), case_with({one}));
}

json refused() {
  const json evidence = {
      {"judge", "screen"},   {"test", "the source"}, {"verdict", "crash"}, {"summary", "no"},
      {"expected", json()},  {"location", json()},   {"replay", json()},   {"runs", 0},
      {"exhaustive", false}, {"scored", true},       {"advice", json()},   {"account", json::array()}};
  return refused_report(course(), case_with({}), "the screen refuses it: no", evidence);
}

std::set<std::string> names(const json& object) {
  std::set<std::string> all;
  for (const auto& [name, value] : object.items()) all.insert(name);
  return all;
}

}  // namespace

TEST_CASE("a report has the fields that its page lists") {
  const json report = failed_report();
  CHECK(names(report) == std::set<std::string>{"schema", "subject", "verdict", "points", "points_max", "seconds",
                                               "tier", "seed", "fingerprint", "reasons", "judges", "warnings",
                                               "exercises"});
  CHECK(report["schema"] == 1);
  CHECK(report["seed"] == 7);
  REQUIRE(report["exercises"].size() == 12);
  const json& exercise = report["exercises"][0];
  CHECK(names(exercise) == std::set<std::string>{"id", "bug", "name", "title", "points_max", "also_seen", "mended_by",
                                                 "verdict", "points", "reasons", "evidence"});
  const std::set<std::string> of_evidence = {"judge",    "test",    "verdict", "summary",    "expected",
                                             "location", "replay",  "runs",    "exhaustive", "scored",
                                             "advice",   "account", "points",  "points_max"};
  REQUIRE(exercise["evidence"].size() >= 1);
  CHECK(names(exercise["evidence"][0]) == of_evidence);
  CHECK(names(report["judges"][0]) == std::set<std::string>{"judge", "verdict", "reason", "runs", "seconds"});
}

TEST_CASE("a failing claim's schedule says whose claim it is") {
  const json report = failed_report();
  const json& evidence = report["exercises"][0]["evidence"][0];
  CHECK(evidence["replay"] == "01.1/lab1-abc");
  CHECK(evidence["location"] == "session_manager.cpp:57");
  CHECK(evidence["points"] == 0);
  CHECK(report["verdict"] == "failed");
  CHECK(status_of(report) == 1);
}

TEST_CASE("a submission that passes everything has all points") {
  const json report = passed_report();
  CHECK(report["verdict"] == "passed");
  CHECK(report["points"] == 100);
  CHECK(status_of(report) == 0);
}

TEST_CASE("what could not be judged in part has no sum, and what was judged keeps its points") {
  const json report = unjudged_in_part();
  CHECK(report["verdict"] == "could_not_judge");
  CHECK(report["points"].is_null());
  CHECK(report["exercises"][0]["points"].is_null());
  CHECK(report["exercises"][1]["points"].is_number());
  CHECK(report["reasons"] == json{"the judge explorer could not judge: the machine is full"});
  CHECK(status_of(report) == 3);
}

TEST_CASE("what was refused has failed everywhere, for the reason that is told") {
  const json report = refused();
  CHECK(report["verdict"] == "failed");
  CHECK(report["points"] == 0);
  REQUIRE(report["exercises"].size() == 12);
  for (const json& exercise : report["exercises"]) {
    CHECK(exercise["points"] == 0);
    CHECK(exercise["verdict"] == "failed");
    CHECK(exercise["reasons"] == json{"the screen refuses it: no"});
    CHECK(exercise["evidence"].size() == 1);
  }
}

TEST_CASE("what could not be judged has no points anywhere, in no format") {
  const json report = unjudged_report(course(), case_with({}), "the machine is full");
  CHECK(report["points"].is_null());
  for (const json& exercise : report["exercises"]) {
    CHECK(exercise["verdict"] == "could_not_judge");
    CHECK(exercise["points"].is_null());
  }
  const json gradescope = json::parse(formats::gradescope(report));
  CHECK_FALSE(gradescope.contains("score"));
  for (const json& test : gradescope.value("tests", json::array())) CHECK_FALSE(test.contains("score"));
  const json prairielearn = json::parse(formats::prairielearn(report));
  CHECK(prairielearn["gradable"] == false);
  CHECK_FALSE(prairielearn.contains("score"));
  const auto line = formats::autolab(report);
  REQUIRE(line.has_value());
  CHECK(line->find(":0") == std::string::npos);
  CHECK(status_of(report) == 3);
}

TEST_CASE("every format takes every kind of report") {
  const std::vector<json> all = {passed_report(), failed_report(), unjudged_in_part(), refused(),
                                 unjudged_report(course(), case_with({}), "the machine is full")};
  for (const json& report : all) {
    INFO(report["verdict"]);
    CHECK(json::accept(formats::gradescope(report)));
    CHECK(json::accept(formats::prairielearn(report)));
    CHECK(json::accept(formats::sarif(report)));
    CHECK(formats::junit(report).find("testsuites") != std::string::npos);
    CHECK(formats::page(report).find("</html>") != std::string::npos);
    CHECK(formats::autolab(report).has_value());
  }
  CHECK(formats::gradebook(all).find("someone") != std::string::npos);
  CHECK(formats::class_page(all).find("</html>") != std::string::npos);
}

TEST_CASE("a report without a verdict is one of what could not be judged") {
  CHECK(status_of(json::object()) == 3);
  CHECK(status_of({{"verdict", "excellent"}}) == 3);
}
