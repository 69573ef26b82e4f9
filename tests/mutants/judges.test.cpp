#include "tests/mutants/judges.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace lab::mutants;

namespace {

const Test suite_test{"tsan", Program::suite, "a claim"};
const Test explored_test{"explorer", Program::explored, "a claim"};

std::string verdict(const Test& test, int status, const std::string& output, bool timed_out = false) {
  const Opinion opinion = opinion_of(test, status, timed_out, output);
  if (opinion.of == Opinion::Of::passes) return "passed";
  return opinion.of == Opinion::Of::cannot_judge ? "could_not_judge" : opinion.verdict;
}

}  // namespace

TEST_CASE("the suite's failures get the lab's words", "[mutants]") {
  CHECK(verdict(suite_test, 0, "All tests passed") == "passed");
  CHECK(verdict(suite_test, 42, "  CHECK( failure == \"\" )\nwith expansion:") == "assertion");
  CHECK(verdict(suite_test, 1, "report by ThreadSanitizer: data-race: a read at x and a write at y") == "data_race");
  CHECK(verdict(suite_test, 1, "report by ThreadSanitizer: lock-order-inversion: x and y") == "deadlock");
  CHECK(verdict(suite_test, 1, "report by ThreadSanitizer: heap-use-after-free: x") == "use_after_free");
  CHECK(verdict(suite_test, 1, "report by ThreadSanitizer: mutex-bad-unlock: x") == "crash");
  CHECK(verdict(suite_test, 1, "stuck: a claim (nothing came back for 10000 ms)") == "deadlock");
  CHECK(verdict(suite_test, 137, "", true) == "deadlock");
  CHECK(verdict(suite_test, 139, "") == "crash");
  CHECK(verdict(suite_test, 42, "due to unexpected exception with message:") == "exception");
}

TEST_CASE("the explorer's verdict is its own word", "[mutants]") {
  CHECK(verdict(explored_test, 0, "passed: all schedules in 7 runs with 2 threads") == "passed");
  CHECK(verdict(explored_test, 42, "Filters: x\nassertion: a key is gone; run 17, 1 preemptions, 1 deviations\n") ==
        "assertion");
  CHECK(verdict(explored_test, 42, "livelock: threads run; run 3, 0 preemptions, 0 deviations, at x:1 (f)\n") ==
        "livelock");
  CHECK(verdict(explored_test, 42, "could not judge: the search stopped after 9 runs at its limit of time or runs\n") ==
        "could_not_judge");
  CHECK(verdict(explored_test, 42, "nondeterministic: it differs; run 3, 0 preemptions\n") == "could_not_judge");
  CHECK(verdict(explored_test, 137, "", true) == "could_not_judge");
}

TEST_CASE("a program that ran no test says nothing", "[mutants]") {
  CHECK(verdict(suite_test, 2, "No test cases matched") == "could_not_judge");
  CHECK(verdict(suite_test, 4, "") == "could_not_judge");
  CHECK(verdict(explored_test, 127, "") == "could_not_judge");
}
