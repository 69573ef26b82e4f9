#include "tools/grader/formats/gradescope.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/grader/formats/faults.hpp"
#include "tests/grader/formats/sample.hpp"

using namespace lab::grader::formats;
using nlohmann::json;

namespace {

json made(const json& report, const GradescopeOptions& options = {}) {
  const std::string text = gradescope(report, options);
  CHECK(faults::of_gradescope(text) == faults::Faults{});
  return json::parse(text);
}

}  // namespace

TEST_CASE("Gradescope gets a test for each exercise, with its points") {
  const json results = made(samples::small());
  CHECK(results["score"] == 12);
  CHECK(results["execution_time"] == 21);
  CHECK(results["output"] == "failed: 12 of 16 points\n");
  CHECK(results["stdout_visibility"] == "hidden");
  REQUIRE(results["tests"].size() == 2);
  const json& first = results["tests"][0];
  CHECK(first["name"] == "Lost update");
  CHECK(first["number"] == "1");
  CHECK(first["score"] == 4);
  CHECK(first["max_score"] == 8);
  CHECK(first["status"] == "failed");
  CHECK(first["tags"] == json{"B1"});
  CHECK(first["visibility"] == "visible");
  CHECK(first["output"] ==
        "Lost update (B1): failed, 4 of 8 points\n"
        "\n"
        "wrong result: updates are all kept (schedule explorer, 8 runs)\n"
        "  expected  alice's session keeps every key that her requests have set\n"
        "  got       the session has 1 key, and 2 were set\n"
        "  where     session_manager.cpp:57\n"
        "  again     ./lab grade SUBMISSION --replay 01.1/1:2.3.1\n"
        "\n"
        "      thread 1                thread 2\n"
        "   1  57  changed = stored;\n"
        "\n"
        "passed: a revocation stays (schedule explorer, 212 runs, exhaustive)\n");
  CHECK(results["tests"][1]["status"] == "passed");
}

TEST_CASE("Gradescope gets a test for each claim if that is asked for and the claims add up") {
  const json results = made(samples::whole(), {.by_claim = true});
  const json& tests = results["tests"];
  CHECK(results["score"] == 72);
  CHECK(tests[0]["number"] == "1.1");
  CHECK(tests[0]["name"] == "Lost update: concurrent updates of distinct keys are all kept");
  CHECK(tests[0]["score"] == 0);
  CHECK(tests[1]["number"] == "1.2");
  CHECK(tests[1]["score"] == 4);
  CHECK(tests[2]["number"] == "1.3");
  CHECK_FALSE(tests[2].contains("score"));  // shown, not scored
  // The gate of 12 failed, so its claims do not add up to its 15 points.
  CHECK(tests.back()["number"] == "12");
  CHECK(tests.back()["score"] == 0);
  CHECK(tests.back()["max_score"] == 15);
  double sum = 0;
  for (const json& test : tests) sum += test.value("score", 0.0);
  CHECK(sum == 72);
}

TEST_CASE("Gradescope gets no score at all if an exercise could not be judged") {
  for (const bool by_claim : {false, true}) {
    for (const char* verdict : {"could_not_judge", "failed"}) {
      json report = samples::small_unjudged();
      report["verdict"] = verdict;
      const json results = made(report, {.by_claim = by_claim});
      CHECK_FALSE(results.contains("score"));
      for (const json& test : results["tests"]) {
        CHECK_FALSE(test.contains("score"));
        CHECK_FALSE(test.contains("max_score"));
        CHECK_FALSE(test.contains("status"));
      }
      const std::string output = results["output"];
      CHECK(output.find("The grader could not judge this submission, so it has no score.") == 0);
      CHECK(output.find("The explorer's canary was not found.") != std::string::npos);
    }
  }
}

TEST_CASE("visibility is of each exercise, and the whole's text gives nothing away") {
  const json results = made(samples::small(), {.visibility = Visibility::after_published,
                                               .exercises = {{"01", Visibility::visible}},
                                               .stdout_visibility = Visibility::after_due_date});
  CHECK(results["visibility"] == "after_published");
  CHECK(results["stdout_visibility"] == "after_due_date");
  CHECK(results["tests"][0]["visibility"] == "visible");
  CHECK(results["tests"][1]["visibility"] == "after_published");
  CHECK(results["output"] == "Not all exercises are shown yet.\n");
}

TEST_CASE("accounts are left out of Gradescope's file if they shall be") {
  const std::string text = gradescope(samples::small(), {.accounts = false});
  CHECK(text.find("changed = stored") == std::string::npos);
  CHECK(text.find("where     session_manager.cpp:57") != std::string::npos);
}
