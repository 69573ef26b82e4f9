#include "tests/generated/history.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <iterator>
#include <utility>

#include "tests/generated/story.hpp"

using namespace lab::generated;

TEST_CASE("a history is told in lanes, in the order in which it happened", "[generated]") {
  Story story(2, Age::stale);
  const int update = story.begins(0, on(Kind::update, 1, 3));
  story.then(1, on(Kind::step_ttl)).then(1, on(Kind::get, 1), session(3, 1, length(Age::stale)));
  story.ends(update);
  (void)story.begins(2, on(Kind::remove));
  CHECK(lanes(story.history()) ==
        "  thread 1: update_session(s2, \"a\", \"3\") begins\n"
        "      thread 2: clock.advance(cache_ttl + 1ns) -> done\n"
        "      thread 2: get_session(s2) -> {count 1, authenticated, a=3, used at 60s+1ns}\n"
        "  thread 1: update_session(s2, \"a\", \"3\") -> done\n"
        "          thread 3: delete_session(s1) begins\n");
}

// What the code under test wrote over must not lead who judges it astray.
TEST_CASE("a history is whole when all that was to happen has, and nothing else", "[generated]") {
  Program program;
  program.threads = {{on(Kind::update, 0, 3), on(Kind::get)}, {on(Kind::increment)}};
  const History start = begin(program, {});
  History whole = start;
  for (const int event : {0, 2}) call(whole, event);
  for (const int event : {2, 0}) end(whole, event, {});
  for (int event = 1; event < whole.size; ++event) {
    if (event == 2) continue;
    call(whole, event);
    end(whole, event, {});
  }
  CHECK(is_whole(whole, start));
  CHECK_FALSE(is_whole(start, start));

  using Change = void (*)(History&);
  const Change changes[] = {
      [](History& history) { --history.size; },
      [](History& history) { history.size = 1'000'000; },
      [](History& history) { history.size = -1; },
      [](History& history) { ++history.clock; },
      [](History& history) { history.sessions = 100; },
      [](History& history) { history.age = Age::most; },
      [](History& history) { history.events[0].operation.session = 200; },
      [](History& history) { history.events[0].operation.kind = Kind::get; },
      [](History& history) { history.events[1].thread = 1; },
      [](History& history) { history.events[2].returned = false; },
      [](History& history) { history.events[0].call = 0; },
      [](History& history) { history.events[0].end = 60'000; },
      [](History& history) { history.events[0].end = history.events[0].call; },
      [](History& history) { history.events[0].call = history.events[2].call; },
      [](History& history) { std::swap(history.events[0].end, history.events[1].end); },
  };
  for (std::size_t i = 0; i < std::size(changes); ++i) {
    INFO("change " << i);
    History changed = whole;
    changes[i](changed);
    CHECK_FALSE(is_whole(changed, start));
  }
}

TEST_CASE("histories of other orders or outcomes have other numbers", "[generated]") {
  const auto number = [](const Story& story) { return number_of(story.history()); };
  const auto count = on(Kind::increment);
  CHECK(number(Story().then(0, count, counted(1))) == number(Story().then(0, count, counted(1))));
  CHECK(number(Story().then(0, count, counted(1))) != number(Story().then(0, count, counted(2))));
  Story overlapping;
  const int first = overlapping.begins(0, count);
  overlapping.then(1, count, counted(1));
  overlapping.ends(first, counted(2));
  CHECK(number(overlapping) != number(Story().then(0, count, counted(2)).then(1, count, counted(1))));
}
