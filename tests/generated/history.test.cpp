#include "tests/generated/history.hpp"

#include <catch2/catch_test_macros.hpp>

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
