// PrairieLearn and Autolab.
#include <catch2/catch_test_macros.hpp>

#include "tests/grader/formats/faults.hpp"
#include "tests/grader/formats/sample.hpp"
#include "tools/grader/formats/autolab.hpp"
#include "tools/grader/formats/prairielearn.hpp"

using namespace lab::grader::formats;
using nlohmann::json;

namespace {

json prairielearn_of(const json& report, const PrairieLearnOptions& options = {}) {
  const std::string text = prairielearn(report, options);
  CHECK(faults::of_prairielearn(text) == faults::Faults{});
  return json::parse(text);
}

}  // namespace

TEST_CASE("PrairieLearn gets a share of the points, and the points of each exercise") {
  const json results = prairielearn_of(samples::small());
  CHECK(results["gradable"] == true);
  CHECK(results["score"] == 0.75);
  CHECK(results["message"] == "failed: 12 of 16 points");
  REQUIRE(results["tests"].size() == 2);
  CHECK(results["tests"][0]["name"] == "01 Lost update");
  CHECK(results["tests"][0]["points"] == 4);
  CHECK(results["tests"][0]["max_points"] == 8);
  CHECK(results["tests"][0]["message"] == "failed");
  CHECK(results["tests"][1]["points"] == 8);
}

TEST_CASE("PrairieLearn takes no attempt for what could not be judged") {
  const json results = prairielearn_of(samples::small_unjudged());
  CHECK(results["gradable"] == false);
  CHECK_FALSE(results.contains("score"));
  CHECK(results["format_errors"][0].get<std::string>().find("The grader could not judge this submission.") == 0);
  CHECK(results["format_errors"][1] == "The explorer's canary was not found.\n");
  CHECK(results["tests"][0]["points"] == 4);
  CHECK_FALSE(results["tests"][1].contains("points"));
  CHECK_FALSE(results["tests"][1].contains("max_points"));
}

TEST_CASE("a submission that does not build takes a PrairieLearn attempt only if it shall") {
  json report = samples::small();
  report["judges"][0]["verdict"] = "failed";
  report["judges"][0]["reason"] = "session_manager.cpp:3: error: expected ';'";
  report["exercises"] = json::array();
  report["points"] = 0;
  const json spared = prairielearn_of(report);
  CHECK(spared["gradable"] == false);
  CHECK(spared["format_errors"] == json{"The submission does not compile or link, so it was not graded.",
                                        "build: failed. session_manager.cpp:3: error: expected ';'\n"});
  const json taken = prairielearn_of(report, {.unbuilt_uses_attempt = true});
  CHECK(taken["gradable"] == true);
  CHECK(taken["score"] == 0);
}

TEST_CASE("a PrairieLearn file keeps to its limit and stays whole") {
  json report = samples::whole();
  for (json& exercise : report["exercises"]) {
    const json evidence = exercise["evidence"][0];
    for (int i = 0; i < 20; ++i) {
      exercise["evidence"].push_back(evidence);
      exercise["evidence"].back()["summary"] = std::string(20'000, '"');
      exercise["evidence"].back()["verdict"] = "assertion";
    }
  }
  const std::string text = prairielearn(report);
  CHECK(text.size() <= 1'000'000);
  CHECK(text.size() > 400'000);
  const json results = prairielearn_of(report);
  CHECK(results["score"] == 0.72);
  CHECK(results["tests"].size() == 12);
  CHECK(results["tests"][0]["output"].get<std::string>().find("more bytes left out]") != std::string::npos);
}

TEST_CASE("where even the shortest texts are too long the tests go and the score stays") {
  json report = samples::small();
  const json exercise = report["exercises"][1];
  for (int i = 0; i < 10'000; ++i) report["exercises"].push_back(exercise);
  const json results = prairielearn_of(report);
  CHECK(results["tests"].empty());
  CHECK(results["score"] == 0.75);
}

TEST_CASE("Autolab gets one line of points") {
  CHECK(autolab(samples::small()) == "{\"scores\":{\"01\":4,\"02\":8}}\n");
}

TEST_CASE("Autolab is told nothing of what could not be judged") {
  CHECK(autolab(samples::small_unjudged()) == "{\"scores\":{\"01\":4}}\n");
  json report = samples::small_unjudged();
  report["exercises"][0]["verdict"] = "could_not_judge";
  CHECK(autolab(report) == "{\"scores\":{\"01\":null,\"02\":null}}\n");
  report["exercises"] = json::array();
  CHECK(autolab(report) == std::nullopt);
}

TEST_CASE("a name that Autolab would misread becomes the exercise's place") {
  json report = samples::small();
  report["exercises"][0]["id"] = "a: b";
  CHECK(autolab(report) == "{\"scores\":{\"01\":4,\"02\":8}}\n");
}
