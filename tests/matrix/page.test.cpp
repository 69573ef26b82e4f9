// The checker of the published matrix, fed with matrices that are wrong.
#include <catch2/catch_test_macros.hpp>

#include "tests/matrix/page.hpp"

using namespace lab::test;

namespace {

const Record explored{"B1", "keys are kept", "explore", "assertion", 6, 1, "update_session"};
const Record stressed{"B1", "keys are kept", "debug", "lost update: ", 3, 0, ""};
const Record last{"B10", "stop returns", "explore", "assertion", 10, 2, "stop"};
const std::string page = page_of({explored, stressed, last});

using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("the page that was written from the records has no faults by them", "[matrix]") {
  CHECK(faults_of(page, "explore", {explored, last}).empty());
  CHECK(faults_of(page, "debug", {stressed}).empty());
  CHECK(
      page.find("| B1 | keys are kept | assertion, run 6, 1 preemption, `update_session` | found | - | - | - | - |") !=
      std::string::npos);
  CHECK(page.find("| B1 |") < page.find("| B10 |"));
}

TEST_CASE("with real threads the number of tries may differ", "[matrix]") {
  Record later = stressed;
  later.runs = 40;
  CHECK(faults_of(page, "debug", {later}).empty());
}

TEST_CASE("a test that stops finding its bug is a fault", "[matrix]") {
  CHECK(faults_of(page, "explore", {explored}) ==
        Faults{"B10: stop returns: assertion, run 10, 2 preemptions, `stop`, says the page; no test has found it"});
}

TEST_CASE("a test that finds another verdict, later, or elsewhere is a fault", "[matrix]") {
  for (const auto& change :
       {+[](Record& record) { record.found = "deadlock"; }, +[](Record& record) { record.runs = 7; },
        +[](Record& record) { record.preemptions = 0; }, +[](Record& record) { record.place = ""; }}) {
    Record other = explored;
    change(other);
    const Faults faults = faults_of(page, "explore", {other, last});
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].ends_with("the page: assertion, run 6, 1 preemption, `update_session`"));
  }
}

TEST_CASE("a find that the page does not have is a fault", "[matrix]") {
  Record more = stressed;
  more.claim = "revocations last";
  CHECK(faults_of(page, "debug", {stressed, more}) ==
        Faults{"B1: revocations last: found, says the test; the page has nothing"});
}

TEST_CASE("no records at all are a fault, and so is a record of another build", "[matrix]") {
  CHECK(faults_of(page, "gcc", {}) == Faults{"no test of the build gcc has written a record: run them first"});
  CHECK(faults_of(page, "debug", {stressed, last}) ==
        Faults{"B10: stop returns: a record of the build explore among those of debug"});
  CHECK(faults_of(page, "msvc", {stressed}) == Faults{"there is no build msvc"});
}
