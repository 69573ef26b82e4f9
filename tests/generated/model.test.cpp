// The model against the implementation that keeps the contract, on one thread: they must agree on everything.
#include "tests/generated/model.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "tests/generated/draw.hpp"
#include "tests/generated/linearize.hpp"
#include "tests/generated/perform.hpp"

using namespace lab::generated;

TEST_CASE("on one thread the model says what fixed does", "[generated]") {
  for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
    const Program program = draw(seed, full_menu());
    History history = begin(program, {});
    Stage stage(program);
    for (int event = 0; event < history.size; ++event) {
      call(history, event);
      end(history, event, stage.perform(history.events[event].operation));
    }
    const Judgement judgement = judge(history);
    INFO("program " << seed << ":\n" << text(program) << lanes(history) << judgement.sentence);
    REQUIRE(judgement.explained);
  }
}

TEST_CASE("a step of the model that is no operation's last returns nothing", "[generated]") {
  Program program;
  program.age = Age::stale;
  Operation get;
  program.threads = {{get}};
  const History history = begin(program, {.stats = false});
  const Model model(history);
  State state = model.start();
  int steps = 0;
  for (bool ended = false; !ended; ++steps) {
    int ways = 0;
    State next;
    model.step(state, 0, [&](const State& after, const std::optional<Outcome>& returned) {
      next = after;
      ended = returned.has_value();
      ++ways;
    });
    REQUIRE(ways == 1);
    state = next;
  }
  CHECK(steps == 4);  // the copy is stale: it becomes the one that fetches, fetches, takes over, serves
  CHECK(state.progress[0].counted == counted_miss);
}

TEST_CASE("the age of a fetched copy is counted from any reading between the look and the end of the fetch",
          "[generated]") {
  for (const bool steps_meanwhile : {false, true}) {
    Program program;
    program.age = Age::stale;
    Operation get;
    Operation step;
    step.kind = Kind::step_ttl;
    program.threads = {{get}, {step}};
    const History history = begin(program, {.stats = false});
    const Model model(history);
    State state = model.start();
    const auto take = [&](int event) {
      std::set<std::int64_t> cache_times;
      State last;
      model.step(state, event, [&](const State& after, const std::optional<Outcome>&) {
        cache_times.insert(after.sessions[0].cache_time);
        last = after;
      });
      state = last;
      return cache_times;
    };
    CHECK(take(0) == std::set<std::int64_t>{0});  // it becomes the one that fetches
    CHECK(take(0) == std::set<std::int64_t>{0});  // fetches
    const std::int64_t looked = state.times[0];
    if (steps_meanwhile) take(1);
    const std::set<std::int64_t> taken = take(0);
    if (steps_meanwhile) {
      CHECK(taken == std::set<std::int64_t>{looked, state.times[1]});
    } else {
      CHECK(taken == std::set<std::int64_t>{looked});
    }
  }
}
