// The model against the implementation that keeps the contract, on one thread: they must agree on everything.
#include "tests/generated/model.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/generated/draw.hpp"
#include "tests/generated/linearize.hpp"
#include "tests/generated/perform.hpp"

using namespace lab::generated;

TEST_CASE("on one thread the model says what fixed does", "[generated]") {
  for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
    const Program program = draw(seed, full_menu());
    History history = begin(program, AtTheEnd::everything);
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
  const History history = begin(program, AtTheEnd::all_but_stats);
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
