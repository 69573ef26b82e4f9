#include "tests/blame/run.hpp"

#include <catch2/catch_test_macros.hpp>
#include <csignal>

using namespace lab::test;
using namespace std::chrono_literals;

TEST_CASE("a program's status, output and environment arrive") {
  const Ran ran = run({"/bin/sh", "-c", "echo $WORD; echo error >&2; exit 3"}, {"WORD=a=b"}, 60s);
  CHECK(ran.status == 3);
  CHECK(ran.signal == 0);
  CHECK_FALSE(ran.over_time);
  CHECK(ran.output == "a=b\nerror\n");
}

TEST_CASE("a program that is killed says by what") {
  const Ran ran = run({"/bin/sh", "-c", "kill -SEGV $$"}, {}, 60s);
  CHECK(ran.status == -1);
  CHECK(ran.signal == SIGSEGV);
  CHECK_FALSE(ran.over_time);
}

TEST_CASE("a program that hangs is killed with its children at the limit") {
  const Ran ran = run({"/bin/sh", "-c", "sleep 1000 & wait"}, {}, 200ms);
  CHECK(ran.over_time);
  CHECK(ran.signal == 0);
}

TEST_CASE("a program that is not there is told by status 127") { CHECK(run({"/nowhere"}, {}, 60s).status == 127); }
