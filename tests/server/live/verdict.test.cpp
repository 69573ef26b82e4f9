#include "tools/server/live/verdict.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace lab::live;

namespace {

constexpr const char* good =
    R"({"sample": 1, "seconds": 0.2, "operations": 1234567,
        "signs": {"counters": {"expected": 2220, "counted": 704}, "data": {"expected": 5, "counted": 5},
                  "memory": {"expected": 0, "counted": 1}, "revived": {"expected": 0, "counted": 2}},
        "latency": {"memory": {"median_us": 1, "p95_us": 2, "longest_us": 3}}})";

nlohmann::json changed(const char* pointer, const nlohmann::json& value) {
  auto sample = nlohmann::json::parse(good);
  sample[nlohmann::json::json_pointer(pointer)] = value;
  return sample;
}

}  // namespace

TEST_CASE("a sample is told from whatever else a program prints", "[live]") {
  CHECK(sample_in(good).has_value());
  for (const char* line : {"", "{}", "[]", "double free or corruption (fasttop)", R"({"ended": "time"})"})
    CHECK_FALSE(sample_in(line).has_value());
  for (const char* member :
       {"/sample", "/seconds", "/operations", "/signs", "/signs/counters", "/signs/counters/expected",
        "/signs/counters/counted", "/latency", "/latency/memory/p95_us"})
    CHECK_FALSE(sample_in(changed(member, "text").dump()).has_value());
  CHECK_FALSE(sample_in(changed("/signs/counters/counted", -1).dump()).has_value());
}

TEST_CASE("a verdict names each loss, and of how many", "[live]") {
  CHECK(verdict_on("buggy", nlohmann::json::parse(good)) ==
        "buggy: 1,516 of 2,220 increments lost, 1 row left in the cleanup queue, 2 sessions back after their log-out.");
}

TEST_CASE("a verdict of no loss says of how many operations", "[live]") {
  CHECK(verdict_on("fixed", changed("/signs", nlohmann::json::object())) ==
        "fixed: nothing lost in 1,234,567 operations.");
  CHECK(verdict_on("fixed", nullptr) == "fixed: no figures yet.");
}
