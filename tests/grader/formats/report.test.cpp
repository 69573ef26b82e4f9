#include "tools/grader/formats/report.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/grader/formats/sample.hpp"

using namespace lab::grader::formats;
using nlohmann::json;

TEST_CASE("a report is read with all its fields") {
  const Report report = read_report(samples::whole());
  CHECK(report.subject == "alice.zip");
  CHECK(report.verdict == Verdict::failed);
  CHECK(points_of(report) == 72);
  CHECK(report.points_max == 100);
  CHECK(report.tier == 1);
  CHECK(report.seed == "123456");
  REQUIRE(report.judges.size() == 8);
  CHECK(report.judges[5].verdict == Verdict::could_not_judge);
  CHECK(report.judges[3].runs == 3120);
  REQUIRE(report.warnings.size() == 2);
  CHECK(report.warnings[1].compiler == "g++");
  REQUIRE(report.exercises.size() == 12);
  CHECK(report.exercises[7].mended_by == "01");
  CHECK(report.exercises[0].also_seen == std::vector<std::string>{"06"});
  REQUIRE(report.exercises[0].evidence.size() == 3);
  const Evidence& evidence = report.exercises[0].evidence[0];
  CHECK(evidence.failed());
  CHECK(evidence.location == "session_manager.cpp:112");
  CHECK(evidence.replay == "01.1/1:2x7.1x12.2x31");
  CHECK(evidence.points_max == 4);
  CHECK(evidence.account.substr(0, 14) == "      thread 1");
  CHECK_FALSE(report.exercises[0].evidence[2].scored);
}

TEST_CASE("what is missing, or of a wrong type, is no verdict and no points") {
  for (const json& broken :
       {json(), json(7), json::array({1}), json::object(), json{{"verdict", "PASSED"}, {"points", 100}}}) {
    const Report report = read_report(broken);
    CHECK(report.verdict == Verdict::could_not_judge);
    CHECK_FALSE(points_of(report));
  }
  json report = samples::small();
  report["exercises"][0]["points"] = "4";
  const Report read = read_report(report);
  CHECK(read.exercises[0].verdict == Verdict::could_not_judge);
  CHECK_FALSE(points_of(read, read.exercises[0]));
  CHECK_FALSE(points_of(read));
}

TEST_CASE("a sum exists only if every exercise could be judged") {
  CHECK(points_of(read_report(samples::small())) == 12);
  const Report report = read_report(samples::small_unjudged());
  CHECK_FALSE(points_of(report));
  CHECK(points_of(report, report.exercises[0]) == 4);
  CHECK_FALSE(points_of(report, report.exercises[1]));
  json failed = samples::small_unjudged();
  failed["verdict"] = "failed";
  CHECK_FALSE(points_of(read_report(failed)));
}

TEST_CASE("a skipped exercise has its points, unless the whole could not be judged") {
  json report = samples::small();
  report["exercises"][1]["verdict"] = "skipped";
  report["exercises"][1]["points"] = 0;
  Report read = read_report(report);
  CHECK(points_of(read, read.exercises[1]) == 0);
  report["verdict"] = "could_not_judge";
  read = read_report(report);
  CHECK_FALSE(points_of(read, read.exercises[1]));
}

TEST_CASE("large and negative numbers are brought into the range") {
  json report = samples::small();
  report["seconds"] = 1e308;
  report["points"] = -3;
  report["points_max"] = std::numeric_limits<std::uint64_t>::max();
  report["seed"] = std::numeric_limits<std::uint64_t>::max();
  const Report read = read_report(report);
  CHECK(read.seconds == number_max);
  CHECK(read.points == 0);
  CHECK(read.points_max == number_max);
  CHECK(read.seed == "18446744073709551615");
}

TEST_CASE("a long account is cut") {
  json report = samples::small();
  for (int i = 0; i < 10'000; ++i) report["exercises"][0]["evidence"][0]["account"].push_back(std::string(100, 'x'));
  const std::string account = read_report(report).exercises[0].evidence[0].account;
  CHECK(account.size() <= text_bytes_max);
  CHECK(account.find("more bytes left out]") != std::string::npos);
}

TEST_CASE("claims add up only where each that is scored has points, and their sums are the exercise's") {
  json report = samples::small();
  const auto add_up = [&] {
    const Report read = read_report(report);
    return claims_add_up(read, read.exercises[0]);
  };
  CHECK(add_up());
  report["exercises"][0]["points"] = 0;  // a gate failed
  CHECK_FALSE(add_up());
  report = samples::small();
  report["exercises"][0]["evidence"][0]["points"] = nullptr;
  CHECK_FALSE(add_up());
  report = samples::small();
  report["exercises"][0]["evidence"] = json::array();
  CHECK_FALSE(add_up());
}

TEST_CASE("of a long text it is said how much is left out") {
  json report = samples::small();
  report["subject"] = std::string(1'000'000, 'x');
  const std::string subject = read_report(report).subject;
  CHECK(subject.substr(32'000) == std::string(720, 'x') + " [967280 more bytes left out]");
}
