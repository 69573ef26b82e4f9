#include "tests/mutants/process.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace lab::mutants;
using namespace std::chrono_literals;

TEST_CASE("a program's status, its signal and both its streams are told", "[mutants]") {
  const Ran said = run({"sh", "-c", "echo out; echo err >&2; pwd; exit 7"}, "/", 60s);
  CHECK(said.output == "out\nerr\n/\n");
  CHECK(said.status == 7);
  CHECK_FALSE(said.ok());
  CHECK(run({"sh", "-c", "kill -9 $$"}, "/", 60s).status == 137);
  CHECK(run({"no-such-program"}, "/", 60s).status == 127);
  CHECK(run({"true"}, "/", 60s).ok());
}

TEST_CASE("a program that does not end is ended, and what it started too", "[mutants]") {
  const auto begun = std::chrono::steady_clock::now();
  const Ran hung = run({"sh", "-c", "echo begun; sleep 600 & wait"}, "/", 1s);
  CHECK(hung.timed_out);
  CHECK(hung.output == "begun\n");
  CHECK(std::chrono::steady_clock::now() - begun < 60s);
}
