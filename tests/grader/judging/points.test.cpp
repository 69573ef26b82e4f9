// What each exercise earns, given what the judges found.
#include "tools/grader/judging/points.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/grader/judging/sample.hpp"

using namespace lab::grader;
using namespace lab::exercises;
using samples::finding;

namespace {

const Index& index() {
  static const Index one = samples::index();
  return one;
}

// All pass but for these, which come instead of the claim's own or behind all.
std::vector<Earned> with(const std::vector<Finding>& others, const HandoutRaces& known = {}) {
  std::vector<Finding> all = samples::all_passed(index());
  for (const Finding& other : others) {
    const auto same = [&](const Finding& one) { return one.claim == other.claim; };
    const auto at = std::find_if(all.begin(), all.end(), same);
    if (at != all.end()) {
      *at = other;
    } else {
      all.push_back(other);
    }
  }
  return earned(index(), known, all);
}

std::vector<Earned> and_then(const Finding& another) {
  std::vector<Finding> all = samples::all_passed(index());
  all.push_back(another);
  return earned(index(), {}, all);
}

Finding racing(const std::string& claim, const std::string& function) {
  Finding one = finding(claim, "data_race", "data race");
  one.races = {{{function, "++n;", "session_manager.cpp:1"}, {function, "++n;", "session_manager.cpp:1"}}};
  return one;
}

}  // namespace

TEST_CASE("whoever passes all claims earns all points") {
  const auto all = with({});
  REQUIRE(all.size() == 3);
  CHECK(all[0].points == 8);
  CHECK(all[1].points == 4);
  CHECK(all[2].points == 4);
  CHECK(all[0].by_claim == std::map<std::string, double>{{"one a", 4.0}, {"one b", 4.0}});
}

TEST_CASE("a claim that fails costs its own share and no more") {
  const auto all = with({finding("one b", "assertion", "wrong")});
  CHECK(all[0].judged.standing == Standing::failed);
  CHECK(all[0].points == 4);
  CHECK(all[0].by_claim == std::map<std::string, double>{{"one a", 4.0}});
  CHECK(all[1].points == 4);
}

TEST_CASE("a claim that one judge passes and another fails earns nothing") {
  const auto all = and_then(finding("one a", "crash", "it was killed"));
  CHECK(all[0].points == 4);
  CHECK(all[0].by_claim.contains("one b"));
}

TEST_CASE("a test of the gate that fails leaves nothing to the exercises of its clause") {
  Finding gate = finding("a test of the gate", "assertion", "wrong");
  gate.judge = "stress";
  gate.tags = "[C3][one-thread]";
  const auto all = with({gate});
  CHECK(all[0].points == 0);
  CHECK(all[0].by_claim.empty());
  CHECK(all[1].points == 4);
}

TEST_CASE("a test of the gate that has no exercise's clause leaves nothing to anybody") {
  Finding gate = finding("a test of the gate", "crash", "it was killed");
  gate.judge = "stress";
  for (const Earned& one : with({gate})) CHECK(one.points == 0);
}

TEST_CASE("where a test of the gate could not be judged, nobody has points, and none has zero") {
  for (const char* judge : {"stress", "model"}) {
    Finding gate = finding("a test of the gate", "could_not_judge", "the sandbox is broken");
    gate.judge = judge;
    for (const Earned& one : and_then(gate)) {
      CHECK(one.judged.standing == Standing::could_not_judge);
      CHECK_FALSE(one.points.has_value());
    }
  }
}

TEST_CASE("a race that another claim met leaves nothing to the exercise it is known by") {
  const auto all = with({racing("one a", "lab::Manager::increment_access")});
  CHECK(all[1].judged.standing == Standing::failed);
  CHECK(all[1].points == 0);
  // It is not the claim's that met it.
  CHECK(all[0].judged.standing == Standing::passed);
  CHECK(all[0].points == 8);
  CHECK(all[0].judged.also_seen == std::vector<std::string>{"02"});
}

TEST_CASE("a race of the handout's is the sixth bug's, whoever meets it") {
  const Finding race = racing("one a", "lab::Manager::get_session");
  const auto known = with({race}, race.races), unknown = with({race});
  CHECK(known[0].points == 8);
  CHECK(known[2].points == 0);
  CHECK(unknown[0].points == 4);
  CHECK(unknown[2].points == 4);
}

TEST_CASE("what could not be judged has no points, and that is not zero") {
  for (const char* const verdict : {"could_not_judge", "nondeterministic"}) {
    const auto all = with({finding("one a", verdict, "the machine is full")});
    CHECK(all[0].judged.standing == Standing::could_not_judge);
    CHECK_FALSE(all[0].points.has_value());
    CHECK(all[1].points == 4);
  }
}

TEST_CASE("a second look that came to nothing is no pass") {
  const auto all = and_then(finding("two a", "could_not_judge", "the machine is full"));
  CHECK(all[1].judged.standing == Standing::could_not_judge);
  CHECK_FALSE(all[1].points.has_value());
  CHECK(all[1].judged.reasons == std::vector<std::string>{"\"two a\": the machine is full"});
}

TEST_CASE("a claim that fails is enough, whatever another could not judge") {
  const auto all = with({finding("one a", "assertion", "wrong"), finding("one b", "could_not_judge", "full")});
  CHECK(all[0].judged.standing == Standing::failed);
  CHECK(all[0].points == 0);
}

TEST_CASE("an exercise is mended by another only if that one is green and says so") {
  CHECK(mended_by(index(), with({}), "02") == "01");
  CHECK(mended_by(index(), with({}), "01").empty());
  CHECK(mended_by(index(), with({}), "03").empty());
  CHECK(mended_by(index(), with({finding("one a", "assertion", "wrong")}), "02").empty());
}
