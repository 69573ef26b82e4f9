// Thousands of random reports whose texts attack the formats. What a report of this many kinds of text can do wrong to
// one place of one format, a run does to it hundreds of times: each of the 34 pieces stands in a given text in one of
// 13 cases or more often, so that one is missed at a place in 600 reports with a chance of (12/13)^600, below 1e-20. So
// many are tried where the environment has LAB_THOROUGH; a quarter otherwise, which misses one with (12/13)^150, below
// 1e-5.
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdlib>

#include "tests/grader/formats/faults.hpp"
#include "tests/grader/formats/sample.hpp"
#include "tools/grader/formats/autolab.hpp"
#include "tools/grader/formats/class_page.hpp"
#include "tools/grader/formats/differences.hpp"
#include "tools/grader/formats/gradebook.hpp"
#include "tools/grader/formats/gradescope.hpp"
#include "tools/grader/formats/junit.hpp"
#include "tools/grader/formats/page.hpp"
#include "tools/grader/formats/prairielearn.hpp"
#include "tools/grader/formats/report.hpp"
#include "tools/grader/formats/sarif.hpp"

using namespace lab::grader::formats;
using nlohmann::json;

namespace {

// Each test has other reports, and the same ones in each run.
template <typename Check>
void for_each_report(std::uint64_t seed, int count, Check check) {
  if (std::getenv("LAB_THOROUGH") == nullptr) count /= 4;
  std::mt19937_64 random(seed);
  for (int i = 0; i < count; ++i) {
    INFO("seed " << seed << ", report " << i);
    check(samples::hostile(random));
  }
}

bool same(double a, double b) { return std::abs(a - b) < 1e-6; }

}  // namespace

TEST_CASE("no report breaks Gradescope's file, and its points add up or are not there") {
  for_each_report(1, 600, [](const json& report) {
    for (const bool by_claim : {false, true}) {
      const std::string text = gradescope(report, {.by_claim = by_claim});
      REQUIRE(faults::of_gradescope(text) == faults::Faults{});
      const json results = json::parse(text);
      const std::optional<double> points = points_of(read_report(report));
      REQUIRE(results.contains("score") == points.has_value());
      if (!points || results["tests"].empty()) continue;
      double sum = 0;
      for (const json& test : results["tests"]) sum += test.value("score", 0.0);
      REQUIRE(same(sum, *points));
    }
  });
}

TEST_CASE("no report breaks PrairieLearn's file, and its points add up or are not there") {
  for_each_report(2, 600, [](const json& report) {
    const std::string text = prairielearn(report);
    REQUIRE(faults::of_prairielearn(text) == faults::Faults{});
    const json results = json::parse(text);
    const Report read = read_report(report);
    if (!points_of(read)) REQUIRE(results["gradable"] == false);
    if (results["tests"].empty()) return;
    double sum = 0;
    for (std::size_t i = 0; i < read.exercises.size(); ++i) {
      REQUIRE(results["tests"][i].contains("points") == points_of(read, read.exercises[i]).has_value());
      sum += results["tests"][i].value("points", 0.0);
    }
    if (const auto points = points_of(read)) REQUIRE(same(sum, *points));
  });
}

TEST_CASE("no report breaks Autolab's line, and nothing unjudged has a score in it") {
  for_each_report(3, 600, [](const json& report) {
    const std::optional<std::string> line = autolab(report);
    const Report read = read_report(report);
    REQUIRE(line.has_value() == !read.exercises.empty());
    if (!line) return;
    REQUIRE(faults::of_autolab(*line) == faults::Faults{});
    std::size_t judged = 0;
    for (const Exercise& one : read.exercises) judged += points_of(read, one) ? 1U : 0U;
    std::size_t scored = 0;
    const json scores = json::parse(*line)["scores"];
    for (const json& score : scores) scored += score.is_null() ? 0U : 1U;
    REQUIRE(scored == judged);
  });
}

TEST_CASE("no report breaks JUnit's file, which fails exactly if the submission does") {
  for_each_report(4, 600, [](const json& report) {
    const std::string text = junit(report);
    REQUIRE(faults::of_junit(text) == faults::Faults{});
    const Report read = read_report(report);
    bool fails = read.verdict != Verdict::passed && read.verdict != Verdict::failed;
    for (const Exercise& one : read.exercises) {
      fails = fails || one.verdict == Verdict::failed || one.verdict == Verdict::could_not_judge;
    }
    fails = fails || read.verdict == Verdict::failed;
    const std::string head = text.substr(0, text.find("<testsuite "));
    const bool clean = head.find("failures=\"0\" errors=\"0\"") != std::string::npos;
    REQUIRE(clean == !fails);
    REQUIRE((text.find("<property name=\"points\"") != std::string::npos) == points_of(read).has_value());
  });
}

TEST_CASE("no report breaks the SARIF file") {
  for_each_report(5, 600, [](const json& report) {
    REQUIRE(faults::of_sarif(sarif(report, {.exercises_uri = "https://example.org/"})) == faults::Faults{});
  });
}

TEST_CASE("no report breaks its page") {
  for_each_report(6, 600, [](const json& report) {
    const std::string text = page(report);
    REQUIRE(faults::of_html(text) == faults::Faults{});
    REQUIRE(text.find("<script") == std::string::npos);
    const bool judged = points_of(read_report(report)).has_value();
    REQUIRE((text.find("<strong>No points yet</strong>") == std::string::npos) == judged);
  });
}

TEST_CASE("no class breaks its table, its page or its differences, and nothing unjudged has points there") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 60; ++i) {
    INFO("class " << i);
    std::vector<json> now;
    std::vector<json> before;
    for (std::uint64_t k = random() % 12; k > 0; --k) now.push_back(samples::hostile(random));
    for (const json& one : now) {
      if (random() % 2 == 0) before.push_back(one);
      if (random() % 4 == 0) before.push_back(samples::hostile(random));
    }
    const std::string table = gradebook(now, before);
    REQUIRE(faults::of_csv(table) == faults::Faults{});
    const auto records = faults::records(table);
    for (std::size_t k = 0; k < now.size(); ++k) {
      REQUIRE(records[k + 1][2].empty() == !points_of(read_report(now[k])).has_value());
    }
    REQUIRE(faults::of_html(class_page(now, before)) == faults::Faults{});
    const json read = json::parse(differences(before, now), nullptr, false);
    REQUIRE(read.is_object());
    for (const json& one : read["submissions"]) {
      if (one["verdict"] == "could_not_judge") REQUIRE(one["points"].is_null());
      if (one["verdict_before"] == "could_not_judge") REQUIRE(one["points_before"].is_null());
    }
  }
}
