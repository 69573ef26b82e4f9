#include "tools/grader/sandbox/record.hpp"

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

using namespace lab::grader;

TEST_CASE("a record tells a start and an end", "[sandbox]") {
  const Told told = told_by("started\nended 256\n");
  CHECK(told.started);
  CHECK(told.ended == 256);
  CHECK(told.failed.empty());
}

TEST_CASE("a record tells what failed", "[sandbox]") {
  const Told told = told_by("started\nfailed: no: way\n");
  CHECK(told.failed == "no: way");
  CHECK_FALSE(told.ended);
}

TEST_CASE("lines of another form in a record are none", "[sandbox]") {
  const Told told = told_by("Started\nended\nended x\nended 1x\n\nfailed");
  CHECK_FALSE(told.started);
  CHECK_FALSE(told.ended);
  CHECK(told.failed.empty());
}

TEST_CASE("a record is read as far as it was written", "[sandbox]") {
  const Record record;
  CHECK_FALSE(record.told().started);
  REQUIRE(::write(record.descriptor(), "started\n", 8) == 8);
  CHECK(record.told().started);
}
