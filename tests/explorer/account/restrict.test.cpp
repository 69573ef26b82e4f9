#include "tools/explorer/account/restrict.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/explorer/account/story.hpp"

using namespace lab::explorer;
using story::Script;
using story::Story;

namespace {

Explanation lost_update() {
  Story story;
  Script script;
  story::lose_an_update(story, script);
  return explain(story.log(), script);
}

bool of_main(const ExplainedStep& step) { return step.thread == 0; }
bool of_others(const ExplainedStep& step) { return step.thread != 0; }

}  // namespace

TEST_CASE("whoever wants all steps gets them as they are", "[explorer][account]") {
  const Explanation all = lost_update();
  const Explanation same = restricted(all, [](const ExplainedStep&) { return true; });
  REQUIRE(same.steps.size() == all.steps.size());
  for (std::size_t i = 0; i < all.steps.size(); ++i) {
    CHECK(same.steps[i].takes_over == all.steps[i].takes_over);
    CHECK(same.steps[i].preempts == all.steps[i].preempts);
    REQUIRE(same.steps[i].deeds.size() == all.steps[i].deeds.size());
    for (std::size_t k = 0; k < all.steps[i].deeds.size(); ++k)
      CHECK(same.steps[i].deeds[k].written_by == all.steps[i].deeds[k].written_by);
  }
}

TEST_CASE("a deed names a step that is left by its new number, and none that is gone", "[explorer][account]") {
  Explanation run;
  run.steps.resize(4);
  run.steps[1].thread = 1;
  run.steps[2].thread = 2;
  for (ExplainedStep& step : run.steps) step.deeds.resize(1);
  Deed& read = run.steps[2].deeds[0];
  read.written_by = Source{1, 0};
  Deed& write = run.steps[2].deeds.emplace_back();
  write.written_by = Source{0, 0};
  write.overwrites = Source{1, 0};
  write.last_read = Source{0, 0};
  Deed& last = run.steps[2].deeds.emplace_back();
  last.overwrites = Source{0, 0};
  last.last_read = Source{1, 0};

  const Explanation threads = restricted(run, of_others);
  REQUIRE(threads.steps.size() == 2);
  const std::vector<Deed>& deeds = threads.steps[1].deeds;
  REQUIRE(deeds.size() == 3);
  CHECK(deeds[0].written_by == Source{0, 0});
  CHECK_FALSE(deeds[1].written_by);
  CHECK(deeds[1].overwrites == Source{0, 0});
  CHECK_FALSE(deeds[1].last_read);
  CHECK_FALSE(deeds[2].overwrites);
  CHECK_FALSE(deeds[2].last_read);  // it says nothing without what is overwritten
  CHECK(restricted(run, of_main).steps.size() == 2);
}

TEST_CASE("the first step that is left of a thread takes over, and interrupts if the switch did",
          "[explorer][account]") {
  const Explanation threads = restricted(lost_update(), of_others);
  REQUIRE_FALSE(threads.steps.empty());
  CHECK_FALSE(threads.steps.front().takes_over);
  int switches = 0, interruptions = 0;
  for (std::size_t i = 1; i < threads.steps.size(); ++i) {
    CHECK(threads.steps[i].takes_over == (threads.steps[i].thread != threads.steps[i - 1].thread));
    switches += threads.steps[i].takes_over;
    interruptions += threads.steps[i].preempts;
  }
  CHECK(switches == 2);
  CHECK(interruptions == 1);
  for (const ExplainedStep& step : restricted(lost_update(), of_main).steps) CHECK_FALSE(step.takes_over);
}

TEST_CASE("a block that repeats itself is as long as what is left of it", "[explorer][account]") {
  Explanation spin;
  spin.steps.resize(4);
  spin.steps[0].block = 4;
  spin.steps[0].times = 9;
  spin.steps[1].thread = spin.steps[3].thread = 1;
  const Explanation half = restricted(spin, [](const ExplainedStep& step) { return step.thread == 0; });
  REQUIRE(half.steps.size() == 2);
  CHECK(half.steps[0].block == 2);
  CHECK(half.steps[0].times == 9);
}

TEST_CASE("of a play's steps that nobody wants the memory and the locks are left, a step for each thread's turn",
          "[explorer][account]") {
  const auto step = [](std::uint16_t thread, Operation operation, std::vector<Held> holds = {}) {
    ExplainedStep one;
    one.thread = thread;
    one.place = {"/home/me/test.cpp", 7, "test"};
    one.text = "its line";
    one.deeds.resize(1);
    one.deeds[0].operation = operation;
    one.deeds[0].touched = {{0x601000, 4}};
    one.holds = std::move(holds);
    return one;
  };
  PlayTree tree;
  tree.start.steps = {step(0, Operation::create)};
  tree.start.node = 0;
  PlayEdge edge;
  edge.recorded = true;
  edge.leaf = 0;
  edge.steps = {step(1, Operation::read),   step(1, Operation::lock, {{"lock A", false}}),
                step(2, Operation::write),  step(1, Operation::write),
                step(1, Operation::end),    step(0, Operation::join),
                step(0, Operation::unlock), step(2, Operation::read)};
  edge.steps[6].failing = true;
  edge.steps[7].deeds[0].waiting = true;
  tree.nodes = {{0, true, {edge}}};
  tree.leaves.resize(1);
  count_orders(tree);
  set_aside(tree, [](const ExplainedStep& one) { return one.thread == 2; });

  CHECK(tree.start.steps.at(0).aside);
  CHECK(tree.start.steps[0].deeds.empty());
  const std::vector<ExplainedStep>& left = tree.nodes[0].edges[0].steps;
  REQUIRE(left.size() == 7);
  std::vector<bool> aside;
  for (const ExplainedStep& one : left) aside.push_back(one.aside);
  CHECK(aside == std::vector<bool>{true, false, true, false, false, false, false});
  CHECK(left[0].thread == 1);
  CHECK(left[0].place.file.empty());
  CHECK(left[0].text.empty());
  CHECK(left[0].deeds.size() == 1);  // the lock is told by what is held
  CHECK(left[0].holds == std::vector<Held>{{"lock A", false}});
  CHECK(left[2].deeds.at(0).operation == Operation::write);
  CHECK(left[4].text == "its line");
  CHECK(tree.orders == 1);
}
