// A class: the table, the page, and what changed since the run before.
#include <catch2/catch_test_macros.hpp>

#include "tests/grader/formats/faults.hpp"
#include "tests/grader/formats/sample.hpp"
#include "tools/grader/formats/class_page.hpp"
#include "tools/grader/formats/differences.hpp"
#include "tools/grader/formats/gradebook.hpp"

using namespace lab::grader::formats;
using nlohmann::json;

namespace {

json named(json report, const char* subject) {
  report["subject"] = subject;
  return report;
}

// As small(), but 01 passed too.
json mended() {
  json report = samples::small();
  report["verdict"] = "passed";
  report["points"] = 16;
  report["exercises"][0]["verdict"] = "passed";
  report["exercises"][0]["points"] = 8;
  report["exercises"][0]["evidence"][0]["verdict"] = "passed";
  return report;
}

const std::vector<json>& now() {
  static const std::vector<json> all{named(mended(), "alice.zip"), named(samples::small_unjudged(), "bob.zip"),
                                     named(samples::small(), "=cmd|' /C calc'!A0"),
                                     named(samples::small(), "new, \"one\"")};
  return all;
}

const std::vector<json>& before() {
  static const std::vector<json> all{named(samples::small(), "alice.zip"), named(samples::small(), "bob.zip"),
                                     named(samples::small(), "=cmd|' /C calc'!A0"),
                                     named(samples::small(), "gone.zip")};
  return all;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a class is this table, in which what could not be judged is empty and no formula is left") {
  const std::string text = gradebook(now());
  CHECK(faults::of_csv(text) == faults::Faults{});
  CHECK(text ==
        "subject,verdict,points,01,02\r\n"
        "alice.zip,passed,16,8,8\r\n"
        "bob.zip,could_not_judge,,4,\r\n"
        "'=cmd|' /C calc'!A0,failed,12,4,8\r\n"
        "\"new, \"\"one\"\"\",failed,12,4,8\r\n");
}

TEST_CASE("with an earlier run the table has its points and what changed") {
  const std::string text = gradebook(now(), before());
  CHECK(faults::of_csv(text) == faults::Faults{});
  CHECK(text ==
        "subject,verdict,points,01,02,verdict_before,points_before,change,changed\r\n"
        "alice.zip,passed,16,8,8,failed,12,4,01: 4 → 8\r\n"
        "bob.zip,could_not_judge,,4,,failed,12,,02: 8 → ?\r\n"
        "'=cmd|' /C calc'!A0,failed,12,4,8,failed,12,0,\r\n"
        "\"new, \"\"one\"\"\",failed,12,4,8,,,,\r\n"
        "gone.zip,,,,,failed,12,,\r\n");
}

TEST_CASE("a class of nobody is a head, and a page") {
  CHECK(gradebook({}) == "subject,verdict,points\r\n");
  CHECK(faults::of_html(class_page({})) == faults::Faults{});
  CHECK(faults::of_html(class_page(std::vector<json>{}, std::vector<json>{})) == faults::Faults{});
}

TEST_CASE("differences name what is better, worse, changed, new and gone, and nothing else") {
  const json read = json::parse(differences(before(), now()));
  CHECK(read["better"] == 1);
  CHECK(read["worse"] == 0);
  CHECK(read["same"] == 1);
  CHECK(read["other"] == 3);
  REQUIRE(read["submissions"].size() == 4);
  CHECK(read["submissions"][0] ==
        json::parse(R"({"subject": "alice.zip", "change": "better", "verdict_before": "failed", "verdict": "passed",
          "points_before": 12, "points": 16, "exercises": [{"id": "01", "verdict_before": "failed", "verdict": "passed",
          "points_before": 4, "points": 8}]})"));
  CHECK(read["submissions"][1]["change"] == "changed");
  CHECK(read["submissions"][1]["points"] == nullptr);
  CHECK(read["submissions"][1]["exercises"][0]["points"] == nullptr);
  CHECK(read["submissions"][2]["change"] == "added");
  CHECK(read["submissions"][3]["change"] == "removed");
  CHECK(json::parse(differences(now(), before()))["worse"] == 1);
}

TEST_CASE("an exercise that differs is a change even where the sum is the same") {
  json other = samples::small();
  other["exercises"][0]["points"] = 8;
  other["exercises"][1]["points"] = 4;
  const json read = json::parse(differences({samples::small()}, {other}));
  CHECK(read["other"] == 1);
  CHECK(read["submissions"][0]["exercises"].size() == 2);
}

TEST_CASE("submissions of the same name are told by their order") {
  const json read = json::parse(differences({samples::small(), mended()}, {samples::small(), mended(), mended()}));
  CHECK(read["same"] == 2);
  CHECK(read["submissions"][0]["change"] == "added");
}

TEST_CASE("a class page shows who passed what, which claim fails most, and whom to grade again") {
  const std::string text = class_page(now(), before(), {"CS 341 <autumn>"});
  CHECK(faults::of_html(text) == faults::Faults{});
  CHECK(has(text, "<h1>CS 341 &lt;autumn&gt;</h1>"));
  CHECK(has(text, "<dt>To grade again</dt><dd>1</dd>"));
  CHECK(has(text, "<dt>Mean</dt><dd>13.3</dd>"));
  CHECK(has(text, "<dt>Median</dt><dd>12</dd>"));
  CHECK(has(text, "<strong>bob.zip</strong>: exercise 02; The explorer's canary was not found."));
  CHECK(has(text, "1 better, 1 changed, 1 added, 1 removed, 1 same."));
  CHECK(has(
      text,
      "<th scope=\"row\">updates are all kept</th><td>01</td><td class=\"number\">3</td><td class=\"number\">4</td>"));
  CHECK(has(text, "<td class=\"center passed\">✓ 8</td>"));
  CHECK(has(text, "<td class=\"center unjudged\">?</td>"));
  CHECK(has(text, "How many submissions have how many points: 0 to 1.6: 0;"));
}

TEST_CASE("points that could not be judged are in no mean, and no column of the picture") {
  const std::string text = class_page({samples::small_unjudged()});
  CHECK(faults::of_html(text) == faults::Faults{});
  CHECK_FALSE(has(text, "<dt>Mean</dt>"));
  CHECK_FALSE(has(text, "class=\"histogram\""));
}
