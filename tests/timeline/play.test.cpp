// What is recorded of whole programs, against plain enumeration: every schedule run one by one, none left out because
// another was like it.
#include <fmt/format.h>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <set>

#include "tools/explorer/account/symbols.hpp"
#include "tools/explorer/points.hpp"
#include "tools/explorer/record_play.hpp"
#include "tools/explorer/strategies/strategy.hpp"
#include "tools/explorer/timeline_of.hpp"

using namespace lab::explorer;
using nlohmann::json;

namespace {

const std::string counter = LAB_TIMELINE_COUNTER;
const std::string circle = LAB_TIMELINE_CIRCLE;
const std::string cancelled = LAB_TIMELINE_CANCELLED;

struct Enumerated {
  double orders = 0, failing = 0;
};

Enumerated enumerate(const Program& program) {
  const auto target = whole(program);
  Plan& plan = target->exchange().plan;
  const Log& log = target->exchange().log;
  plan.tail = Tail::run_on;
  const auto strategy = bounded(Cost::deviations, no_bound, false);
  Enumerated counted;
  bool full = false;
  while (strategy->next(plan)) {
    target->run();
    if (add_points(plan, log, full)) {
      strategy->restart();
      counted = {};
      continue;
    }
    strategy->learn(log);
    ++counted.orders;
    if (log.verdict != Verdict::passed) ++counted.failing;
  }
  CHECK(strategy->complete());
  return counted;
}

PlayTree recorded_of(const Program& program, const PlayLimits& limits = {}) {
  const auto symbols = Symbols::open(program.path.string());
  REQUIRE(symbols);
  ObjectNames objects(**symbols);
  return record_play(*whole(program), {}, limits, **symbols, objects);
}

std::set<Verdict> verdicts(const PlayTree& tree) {
  std::set<Verdict> all;
  for (const PlayLeaf& leaf : tree.leaves) all.insert(leaf.verdict);
  return all;
}

json timeline(const Program& program, std::function<bool(const ExplainedStep&)> shown = {}) {
  const Options options;
  const Findings findings = explore(program, options);
  const Subject subject = subject_of(program, "./program");
  const auto report = report_of(subject, options, findings);
  REQUIRE(report);
  TimelineWanted wanted;
  wanted.schedule = findings.plan.get();
  wanted.play = [&] { return whole(program); };
  wanted.shown = std::move(shown);
  const auto told = timeline_of(*report, subject, options, wanted);
  REQUIRE(told);
  return (*told)["timeline"];
}

}  // namespace

TEST_CASE("the recorded tree has as many orders as there are, and as many that fail", "[timeline]") {
  for (const Program& program : {Program{counter, {}, ""}, Program{counter, {"locked"}, ""}, Program{circle, {}, ""}}) {
    const PlayTree tree = recorded_of(program);
    const Enumerated all = enumerate(program);
    CAPTURE(program.path.string(), program.arguments.size(), tree.runs, tree.limit);
    CHECK(tree.complete);
    CHECK(tree.orders == all.orders);
    CHECK(tree.failing == all.failing);
    CHECK(static_cast<double>(tree.runs) <= all.orders + 8);  // what shows points is run again
  }
}

TEST_CASE("its leaves are the outcomes that the program can come to, each once", "[timeline]") {
  CHECK(verdicts(recorded_of({counter, {}, ""})) == std::set{Verdict::passed, Verdict::assertion});
  CHECK(verdicts(recorded_of({counter, {"locked"}, ""})) == std::set{Verdict::passed});
  CHECK(recorded_of({counter, {"locked"}, ""}).leaves.size() == 1);
  CHECK(verdicts(recorded_of({circle, {}, ""})) == std::set{Verdict::passed, Verdict::deadlock});
}

TEST_CASE("an end in which something raced is not told as one in which nothing did", "[timeline]") {
  const PlayTree tree = recorded_of({counter, {}, ""});
  CHECK(tree.racing == tree.orders - tree.failing);
  for (const PlayLeaf& leaf : tree.leaves) CHECK_FALSE(leaf.races.empty());
}

TEST_CASE("a tree that is cut off says why, and what it has all the same", "[timeline]") {
  PlayLimits limits;
  limits.runs = 12;
  const PlayTree tree = recorded_of({counter, {}, ""}, limits);
  CHECK_FALSE(tree.complete);
  CHECK(tree.limit == "there are more orders than 12 runs can show");
  CHECK(tree.orders > 0);
  const bool some_unrecorded = std::any_of(tree.nodes.begin(), tree.nodes.end(), [](const PlayNode& node) {
    return std::any_of(node.edges.begin(), node.edges.end(), [](const PlayEdge& edge) { return !edge.recorded; });
  });
  CHECK(some_unrecorded);
}

TEST_CASE("a play that shows some of the steps has the choices, ends and orders of the whole", "[timeline]") {
  const Program program{counter, {}, ""};
  const json all = timeline(program)["play"];
  const json cut = timeline(program, [](const ExplainedStep& step) { return step.text == "++counter;"; })["play"];
  for (const char* same : {"orders", "failing", "racing", "leaves", "runs", "complete"}) CHECK(cut[same] == all[same]);
  REQUIRE(cut["nodes"].size() == all["nodes"].size());
  for (std::size_t i = 0; i < cut["nodes"].size(); ++i)
    CHECK(cut["nodes"][i]["choices"].size() == all["nodes"][i]["choices"].size());
  bool some_aside = false;
  for (const json& step : cut["steps"]) {
    if (step.contains("aside")) {
      some_aside = true;
      CHECK(step["place"].is_null());
      CHECK(step["text"] == "");
      for (const json& deed : step["deeds"]) CHECK_FALSE(deed.contains("told"));
      continue;
    }
    const bool tells = step.contains("failing") ||
                       step["deeds"].dump().find(R"("operation":"join")") != std::string::npos ||
                       step["deeds"].dump().find(R"("operation":"end")") != std::string::npos;
    CHECK((tells || step["text"] == "++counter;"));
  }
  CHECK(some_aside);
}

TEST_CASE("a lost count is told by values, with an order beside it that is right", "[timeline]") {
  const json told = timeline({counter, {}, ""});
  CHECK(told["mistake"]["kind"] == "lost_update");
  CHECK(told["mistake"]["believed"][0].get<std::string>().find("believed counter = 0") != std::string::npos);
  CHECK(told["right"]["how"] == "The order without a deviation: nobody is interrupted.");
  CHECK(told["right"]["races"] == true);
  CHECK(told["right"]["steps"].size() > 4);
}

TEST_CASE("a deadlock is told by who waits for whom", "[timeline]") {
  const json told = timeline({circle, {}, ""});
  CHECK(told["mistake"]["kind"] == "circle");
  REQUIRE(told["mistake"]["was_true"].size() >= 2);
  CHECK(told["mistake"]["was_true"].dump().find("waits at circle.cpp") != std::string::npos);
  CHECK(told["right"]["steps"].is_array());
}

TEST_CASE("what passes has no mistake, and the plainest order to look at", "[timeline]") {
  const json told = timeline({counter, {"locked"}, ""});
  CHECK(told["mistake"].is_null());
  CHECK(told["steps"].is_null());
  CHECK(told["right"]["steps"].is_array());
  CHECK(told["play"]["failing"] == 0);
}

TEST_CASE("what could not be judged has no mistake, and no order that is called right without having passed",
          "[timeline]") {
  const json never = timeline({cancelled, {"always"}, ""});
  CHECK(never["title"].get<std::string>().find("could not judge") == 0);
  CHECK(never["mistake"].is_null());
  CHECK(never["right"]["steps"].is_null());
  CHECK(never["right"]["how"].get<std::string>().find("could not be judged") != std::string::npos);
  CHECK_FALSE(never.contains("length"));
  CHECK(never["play"]["complete"] == false);
  CHECK(never["play"]["failing"] == 0);

  const json some = timeline({cancelled, {}, ""});
  CHECK(some["title"].get<std::string>().find("could not judge") == 0);
  CHECK(some["mistake"].is_null());
  CHECK(some["steps"].is_null());
  CHECK(some["right"]["steps"].is_array());
}
