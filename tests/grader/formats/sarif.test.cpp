#include "tools/grader/formats/sarif.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/grader/formats/faults.hpp"
#include "tests/grader/formats/sample.hpp"

using namespace lab::grader::formats;
using nlohmann::json;

namespace {

json run_of(const json& report, const SarifOptions& options = {}) {
  const std::string text = sarif(report, options);
  CHECK(faults::of_sarif(text) == faults::Faults{});
  return json::parse(text)["runs"][0];
}

json place(const json& result) { return result["locations"][0]["physicalLocation"]; }

}  // namespace

TEST_CASE("a claim that failed is a result of its exercise's rule at its place") {
  const json run = run_of(samples::small());
  CHECK(run["invocations"][0]["executionSuccessful"] == true);
  REQUIRE(run["results"].size() == 1);
  const json& result = run["results"][0];
  CHECK(result["ruleId"] == "B1");
  CHECK(result["level"] == "error");
  CHECK(result["message"]["text"] ==
        "the session has 1 key, and 2 were set\nExpected: alice's session keeps every key that her requests have set");
  CHECK(place(result) == json{{"artifactLocation", {{"uri", "session_manager.cpp"}}}, {"region", {{"startLine", 57}}}});
  CHECK(result["properties"]["replay"] == "./lab grade SUBMISSION --replay 01.1/1:2.3.1");
  const json& rules = run["tool"]["driver"]["rules"];
  REQUIRE(rules.size() == 3);
  CHECK(rules[0]["name"] == "lost-update");
  CHECK(rules[0]["help"]["text"] == "The page of the exercise: exercises/01-lost-update/README.md");
  CHECK_FALSE(rules[0].contains("helpUri"));
}

TEST_CASE("a rule links to its page where the pages have an address") {
  const json run = run_of(samples::small(), {.folder = "my copy/", .exercises_uri = "https://example.org/exercises/"});
  CHECK(run["tool"]["driver"]["rules"][0]["helpUri"] == "https://example.org/exercises/01-lost-update/README.md");
  CHECK(place(run["results"][0])["artifactLocation"]["uri"] == "my%20copy/session_manager.cpp");
}

TEST_CASE("what is not scored and what a compiler warns of are warnings") {
  const json run = run_of(samples::whole());
  REQUIRE(run["results"].size() == 5);
  CHECK(run["results"][1]["level"] == "warning");
  CHECK(run["results"][3]["ruleId"] == "compiler-warning");
  CHECK(run["results"][3]["level"] == "warning");
  CHECK(place(run["results"][3])["region"] == json{{"startLine", 12}, {"startColumn", 8}});
}

TEST_CASE("what could not be judged is told of the execution and is no result") {
  const json run = run_of(samples::small_unjudged());
  const json& invocation = run["invocations"][0];
  CHECK(invocation["executionSuccessful"] == false);
  REQUIRE(invocation["toolExecutionNotifications"].size() == 2);
  CHECK(invocation["toolExecutionNotifications"][1]["message"]["text"] ==
        "Exercise 02 could not be judged. The explorer ended early.");
  CHECK(run["results"].size() == 1);
}

TEST_CASE("a place that is no place of a file stays a relative address, and a message no link") {
  json report = samples::small();
  json& evidence = report["exercises"][0]["evidence"][0];
  for (const char* location : {"/etc/passwd:1", "http://x/y", "a b:0", "a:99999999999"}) {
    evidence["location"] = location;
    run_of(report);
  }
  evidence["location"] = nullptr;
  evidence["summary"] = "see [here](http://x)";
  const json run = run_of(report);
  CHECK_FALSE(run["results"][0].contains("locations"));
  CHECK(run["results"][0]["message"]["text"].get<std::string>().find("see \\[here\\](http://x)") == 0);
}

TEST_CASE("no more results are written than code scanning shows") {
  json report = samples::small();
  for (int i = 0; i < 5100; ++i) report["warnings"].push_back({{"compiler", "g++"}, {"text", "a.cpp:1: warning: b"}});
  CHECK(run_of(report)["results"].size() == 5000);
}
