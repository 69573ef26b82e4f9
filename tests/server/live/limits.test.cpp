#include "tools/server/live/limits.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace lab::live;

TEST_CASE("a load is what was asked, with defaults for the rest", "[live]") {
  CHECK(parse_load_request("{}") == LoadRequest{});
  const auto load = parse_load_request(R"({"seconds": 60, "operations_per_second": 100, "threads": 8})");
  REQUIRE(load.has_value());
  CHECK(load->seconds == 60);
  CHECK(load->operations_per_second == 100);
  CHECK(load->threads == 8);
}

TEST_CASE("a load out of range is refused, and the range is named", "[live]") {
  CHECK(parse_load_request(R"({"seconds": 61})").error() == "seconds is to be a whole number from 1 to 60");
  CHECK(parse_load_request(R"({"seconds": 0})").error() == "seconds is to be a whole number from 1 to 60");
  CHECK(parse_load_request(R"({"threads": 1})").error() == "threads is to be a whole number from 2 to 8");
  CHECK(parse_load_request(R"({"threads": 9})").error() == "threads is to be a whole number from 2 to 8");
  const std::string rate = "operations_per_second is to be a whole number from 100 to 10000";
  CHECK(parse_load_request(R"({"operations_per_second": 99})").error() == rate);
  CHECK(parse_load_request(R"({"operations_per_second": 10001})").error() == rate);
  CHECK(parse_load_request(R"({"operations_per_second": 18446744073709551615})").error() == rate);
  CHECK(parse_load_request(R"({"operations_per_second": 500.5})").error() == rate);
  CHECK(parse_load_request(R"({"operations_per_second": "500"})").error() == rate);
}

TEST_CASE("what is no load is refused", "[live]") {
  const std::string no_object =
      R"(the body is no JSON object: send one like {"seconds": 20, "operations_per_second": 5000, "threads": 4})";
  for (const char* body : {"", "20", "[]", "null", "{\"seconds\": 20", "seconds=20"})
    CHECK(parse_load_request(body).error() == no_object);
  CHECK(parse_load_request(R"({"seconds": 20, "hours": 1})").error() ==
        "the body has a member that is none of seconds, operations_per_second and threads: leave it out");
}
