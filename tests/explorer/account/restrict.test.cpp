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

TEST_CASE("a deed does not name a step that is gone, and names others by their new number", "[explorer][account]") {
  const Explanation all = lost_update();
  bool gone = false, kept = false;
  for (const ExplainedStep& step : restricted(all, of_others).steps) {
    for (const Deed& deed : step.deeds) {
      if (deed.written_by) {
        CHECK(deed.written_by->step < restricted(all, of_others).steps.size());
        kept = true;
      } else if (deed.operation == Operation::read) {
        gone = true;  // what main wrote before
      }
    }
  }
  CHECK(gone);
  const Explanation mains = restricted(all, of_main);
  for (const ExplainedStep& step : mains.steps)
    for (const Deed& deed : step.deeds)
      if (deed.written_by) kept = mains.steps[deed.written_by->step].thread == 0;
  CHECK_FALSE(kept);  // main reads at last what a thread wrote, and that is gone
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
