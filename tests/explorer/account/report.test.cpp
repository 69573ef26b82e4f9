#include "tools/explorer/account/report.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/explorer/account/story.hpp"

using namespace lab::explorer;
using nlohmann::json;
using story::Script;
using story::Story;

namespace {

Report lost_update() {
  Story story;
  Script script;
  story::lose_an_update(story, script);
  Report report;
  report.program = "./counter";
  report.arguments = {"2", "two words"};
  report.verdict = Verdict::assertion;
  report.message = "counter == 2";
  report.runs = 8;
  report.preemptions = 1;
  report.deviations = 1;
  report.minimal = Measure::deviations;
  report.bound = {Measure::deviations, 1};
  report.seconds = 0.004;
  report.seed = 1;
  report.replay = "lab1-1a2b3c4d-ts.1-_-2.2+9f3c-5e6f7a8b";
  report.explanation = explain(story.log(), script);
  return report;
}

std::string last_line(const std::string& text) {
  const std::size_t end = text.find_last_of('\n', text.size() - 2);
  return text.substr(end + 1, text.size() - end - 2);
}

}  // namespace

TEST_CASE("JSON has the fields of the contract, with their types", "[explorer][account]") {
  const json report = to_json(lost_update());
  CHECK(report["schema"] == 1);
  CHECK(report["verdict"] == "assertion");
  CHECK(report["runs"] == 8);
  CHECK(report["preemptions"] == 1);
  CHECK(report["deviations"] == 1);
  CHECK(report["minimal"] == "deviations");
  CHECK(report["exhaustive"] == false);
  CHECK(report["bound"] == json{{"kind", "deviations"}, {"value", 1}});
  CHECK(report["seconds"] == 0.004);
  CHECK(report["replay"] == "lab1-1a2b3c4d-ts.1-_-2.2+9f3c-5e6f7a8b");

  // 11 operations and the failure
  const json& steps = report["steps"];
  REQUIRE(steps.size() == 12);
  const json& read = steps[10];
  CHECK(read["thread"] == 0);
  CHECK(read["location"] == "f.cpp:24");
  CHECK(read["operation"] == "read");
  CHECK(read["object"] == "counter");
  CHECK(read["value"] == 1);
  CHECK(steps[read["written_by"].get<std::size_t>()]["operation"] == "write");
  CHECK(steps[read["written_by"].get<std::size_t>()]["thread"] == 1);
  CHECK(steps[11]["operation"] == "failure");
  for (const json& step : steps)
    for (const char* field : {"thread", "location", "operation", "object", "value", "written_by"})
      CHECK(step.contains(field));
}

TEST_CASE("JSON of a run that passed is complete", "[explorer][account]") {
  Report report;
  report.exhaustive = true;
  report.bound = {Measure::preemptions, 2};
  const json written = to_json(report);
  CHECK(written["verdict"] == "passed");
  CHECK(written["minimal"] == "none");
  CHECK(written["replay"].is_null());
  CHECK(written["steps"] == json::array());
  CHECK(written["races"] == json::array());
  CHECK(written["blocked"] == json::array());
  CHECK(written["message"].is_null());
}

TEST_CASE("what a program prints can't break the JSON", "[explorer][account]") {
  Report report = lost_update();
  report.output = std::string("\xff\x1b[2J\0\n", 7);
  report.message = "\xc3";
  report.program = "\xfe";
  report.explanation->steps[0].text = "\xfd";
  const std::string text = to_json(report).dump();
  CHECK(json::parse(text)["output"] == "? [2J \n");
}

TEST_CASE("the text ends in the one line that replays the run", "[explorer][account]") {
  const std::string text = to_text(lost_update(), 60);
  CHECK(last_line(text) == "./lab replay lab1-1a2b3c4d-ts.1-_-2.2+9f3c-5e6f7a8b ./counter 2 'two words'");
  CHECK(
      text.starts_with("Explored ./counter: 8 runs in 0.004 s, seed 1.\n"
                       "Verdict: assertion at f.cpp:24 (main), in main: counter == 2\n\n"));
  CHECK(text.find("The failing schedule has the fewest deviations possible: 1\n") != std::string::npos);
}

TEST_CASE("the verdict is said once, and below the lanes there is no more than where it fails", "[explorer][account]") {
  const std::string text = to_text(lost_update(), 110);
  const std::string verdict = "assertion at f.cpp:24 (main), in main: counter == 2";
  REQUIRE(text.find(verdict) != std::string::npos);
  CHECK(text.find(verdict) == text.rfind(verdict));
  CHECK(text.find("here the run fails") != std::string::npos);
}

TEST_CASE("everything, a budget and a failure are never the same words", "[explorer][account]") {
  Report report;
  CHECK(extent_sentence(report) == "Not every schedule was explored: what other schedules do is not known.");
  report.budget_runs = 10'000;
  CHECK(extent_sentence(report) == "Stopped at the budget of 10,000 runs: what other schedules do is not known.");
  report.budget_runs = 0;
  report.budget_seconds = 2.5;
  CHECK(extent_sentence(report) == "Stopped at the budget of 2.5 s: what other schedules do is not known.");
  report.budget_seconds = 0;
  report.verdict = Verdict::crash;
  CHECK(extent_sentence(report) == "Stopped at the failure: what other schedules do is not known.");
  report.exhaustive = true;
  CHECK(extent_sentence(report) == "Explored every schedule.");
  report.bound = {Measure::deviations, 2};
  CHECK(extent_sentence(report) == "Explored everything up to 2 deviations.");
  report.bound = {Measure::preemptions, 0};
  CHECK(extent_sentence(report) == "Explored everything without a preemption.");
}

TEST_CASE("fewest is said only where it is known", "[explorer][account]") {
  Report report;
  report.deviations = 2;
  report.preemptions = 1;
  CHECK(length_sentence(report) == "The failing schedule is the shortest found: 2 deviations (1 preemption).");
  report.minimal = Measure::deviations;
  CHECK(length_sentence(report) ==
        "The failing schedule has the fewest deviations possible: 2 deviations (1 preemption).");
  report.minimal = Measure::preemptions;
  CHECK(length_sentence(report) ==
        "The failing schedule has the fewest preemptions possible: 1 preemption (2 deviations).");
}

TEST_CASE("a run that passed says what was explored and asks for no replay", "[explorer][account]") {
  Report report;
  report.program = "./counter";
  report.runs = 178;
  report.exhaustive = true;
  report.bound = {Measure::deviations, 1};
  report.limits = {"Memory is sequentially consistent here."};
  CHECK(to_text(report, 80) ==
        "Explored ./counter: 178 runs in 0.000 s, seed 0.\n"
        "Verdict: passed\n"
        "\n"
        "Explored everything up to 1 deviation.\n"
        "Memory is sequentially consistent here.\n");
}

TEST_CASE("a program that prints without end does not drown its report", "[explorer][account]") {
  Report report;
  for (int i = 0; i < 1000; ++i) report.output += "again\n";
  const std::string text = to_text(report, 80);
  CHECK(text.find("  | again\n  | … and more\n") != std::string::npos);
  CHECK(text.size() < 2000);
}

TEST_CASE("that a run went on only because time passed is said", "[explorer][account]") {
  Report report;
  report.ended_by_time = true;
  report.virtual_seconds = 1.5;
  CHECK(to_text(report, 100).find("It went on only because a wait's time was up: 1.500 s of its own time passed.") !=
        std::string::npos);
}
