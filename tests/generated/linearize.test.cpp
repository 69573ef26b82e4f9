// The judge of histories, judged: good ones that look odd, and bad ones of every kind that it is there for.
#include "tests/generated/linearize.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/generated/story.hpp"

using namespace lab::generated;

namespace {

bool explained(const Story& story) { return judge(story.history()).explained; }

const Operation update_a = on(Kind::update, 0, 1);
const Operation get = on(Kind::get);
constexpr int nothing = no_value;

}  // namespace

TEST_CASE("an empty history is explained", "[generated]") { CHECK(explained(Story())); }

TEST_CASE("operations that overlap may take effect in either order", "[generated]") {
  for (const bool seen : {false, true}) {
    Story story;
    const int update = story.begins(0, update_a);
    story.then(1, get, seen ? session(1, 1) : session(nothing, 0));
    story.ends(update);
    CHECK(explained(story));
  }
}

TEST_CASE("what returned is seen by what begins after it", "[generated]") {
  CHECK(explained(Story().then(0, update_a).then(1, get, session(1, 1))));
  const Judgement judgement = judge(Story().then(0, update_a).then(1, get, session(nothing, 0)).history());
  CHECK_FALSE(judgement.explained);
  CHECK(judgement.sentence ==
        "no order of the operations explains get_session(s1) -> {count 0, authenticated} (thread 2); one would explain "
        "{count 1, authenticated, a=1}");
}

TEST_CASE("a history with more states than may be looked at is taken for explained", "[generated]") {
  const History history = Story().then(0, update_a).then(1, get, session(nothing, 0)).history();
  const Judgement whole = judge(history);
  CHECK(whole.complete);
  CHECK_FALSE(whole.explained);
  const Judgement just = judge(history, whole.states);
  CHECK(just.complete);
  CHECK_FALSE(just.explained);
  const Judgement cut = judge(history, whole.states - 1);
  CHECK_FALSE(cut.complete);
  CHECK(cut.explained);
  CHECK(cut.states == whole.states - 1);
}

TEST_CASE("what one reader has seen no later reader misses", "[generated]") {
  Story story;
  const int update = story.begins(0, update_a);
  story.then(1, get, session(1, 1)).then(2, get, session(nothing, 0));
  story.ends(update);
  CHECK_FALSE(explained(story));
}

TEST_CASE("a lost update is not explained", "[generated][B1]") {
  Story story;
  const int a = story.begins(0, update_a);
  const int b = story.begins(1, on(Kind::update, 0, 2));
  story.ends(a);
  story.ends(b);
  CHECK_FALSE(explained(story.then(0, get, session(1, 1))));
}

TEST_CASE("a number that two increments got is not explained", "[generated][B2]") {
  for (const std::uint32_t second : {1u, 2u}) {
    Story story;
    const int a = story.begins(0, on(Kind::increment));
    const int b = story.begins(1, on(Kind::increment));
    story.ends(b, counted(second));
    story.ends(a, counted(1));
    CHECK(explained(story) == (second == 2));
  }
}

TEST_CASE("the cached copy is served while another call fetches, and not before or after", "[generated][B3]") {
  const auto now = length(Age::stale);
  const auto story_of = [&](bool other_overlaps) {
    Story story(1, Age::stale);
    story.then(2, on(Kind::write, 0, 7));
    const int fetching = other_overlaps ? story.begins(0, get) : 0;
    story.then(1, get, session(nothing, 0, now));
    if (other_overlaps) {
      story.ends(fetching, written(7, 10, now));
    }
    return story;
  };
  CHECK(explained(story_of(true)));
  CHECK_FALSE(explained(story_of(false)));
}

TEST_CASE("a fetched copy that undoes a change is not explained", "[generated][B3]") {
  const auto now = length(Age::stale);
  Story story(1, Age::stale);
  const int refresh = story.begins(0, get);
  story.then(1, on(Kind::set_authenticated, 0, 0));
  story.ends(refresh, session(nothing, 0, now, true));
  CHECK(explained(story));  // so far it may have been served before the change
  CHECK_FALSE(explained(story.then(0, get, session(nothing, 0, now, true))));
}

TEST_CASE("a pair of counts that never was is not explained", "[generated][B5]") {
  Story story;
  const int removal = story.begins(0, on(Kind::remove));
  story.then(1, on(Kind::get_active_count), counted(0));
  story.then(1, on(Kind::get_stats), stats(1, 1, 0, 0));
  story.ends(removal);
  CHECK_FALSE(explained(story));
}

TEST_CASE("hits and misses are exact at rest, and within limits while gets run", "[generated][B6]") {
  const Operation ask = on(Kind::get_stats);
  CHECK(explained(Story().then(0, get, session(nothing, 0)).then(0, ask, stats(1, 1, 1, 0))));
  CHECK_FALSE(explained(Story().then(0, get, session(nothing, 0)).then(0, ask, stats(1, 1, 0, 0))));
  CHECK_FALSE(explained(Story().then(0, get, session(nothing, 0)).then(0, ask, stats(1, 1, 0, 1))));
  CHECK_FALSE(explained(Story().then(0, get, session(nothing, 0)).then(0, ask, stats(1, 1, 1, 1))));
  for (const std::uint32_t hits : {0u, 1u, 2u, 3u}) {
    Story story;
    const int other = story.begins(0, get);
    story.then(1, get, session(nothing, 0));
    story.then(1, ask, stats(1, 1, hits, 0));
    story.ends(other, session(nothing, 0));
    CHECK(explained(story) == (hits == 1 || hits == 2));
  }
  CHECK(explained(Story().then(0, on(Kind::remove)).then(0, get, not_found).then(0, ask, stats(1, 0, 0, 1))));
  CHECK_FALSE(explained(Story().then(0, on(Kind::remove)).then(0, get, not_found).then(0, ask, stats(1, 0, 1, 0))));
}

TEST_CASE("a sweep that removes a session used in time is not explained", "[generated][B7]") {
  for (const bool used_in_time : {false, true}) {
    Story story(1, Age::most);
    const int use = used_in_time ? story.begins(0, get) : 0;
    if (used_in_time) story.ends(use, session(nothing, 0, length(Age::most)));
    story.then(1, on(Kind::step_most)).then(1, on(Kind::expire_idle), counted(1));
    CHECK(explained(story) == !used_in_time);
  }
  Story kept(1, Age::most);
  kept.then(1, on(Kind::step_most)).then(1, on(Kind::expire_idle), counted(0));
  CHECK_FALSE(explained(kept));
}

// Early in its call the sweep has nothing to do with the session; late, it finds it idle, asks for its row and takes
// over what another process has done. The get after it is a hit then.
TEST_CASE("a sweep takes another process's use over as late as it may", "[generated][B7]") {
  Story story(1, Age::most);
  const int sweep = story.begins(0, on(Kind::expire_idle));
  story.then(1, on(Kind::step_most)).then(1, on(Kind::use_elsewhere, 0, 2));
  story.ends(sweep, counted(0));
  story.then(0, get, written(2, 10, 2 * length(Age::most))).then(0, on(Kind::get_stats), stats(1, 1, 1, 0));
  CHECK(explained(story));
}

// It may have read the clock, and then waited until the clock had moved and another process had used the session.
TEST_CASE("the age of what a sweep takes over is counted from a reading of its call", "[generated][C8]") {
  const auto now = 2 * length(Age::most);
  for (const bool steps_meanwhile : {false, true}) {
    Story story(1, Age::most);
    if (!steps_meanwhile) story.then(1, on(Kind::step_most));
    const int sweep = story.begins(0, on(Kind::expire_idle));
    if (steps_meanwhile) story.then(1, on(Kind::step_most));
    story.then(1, on(Kind::use_elsewhere, 0, 1));
    story.ends(sweep, counted(0));
    story.then(1, on(Kind::write, 0, 2));
    CHECK(explained(Story(story).then(0, get, written(1, 10, now)).then(0, get, written(1, 10, now))));
    CHECK(explained(Story(story).then(0, get, written(2, 20, now))) == steps_meanwhile);
    // That what was taken over is served while it is fetched anew shows that it was there, and stale.
    const int fetching = story.begins(0, get);
    story.then(1, get, written(1, 10, now));
    story.ends(fetching, written(2, 20, now));
    CHECK(explained(story) == steps_meanwhile);
  }
}

TEST_CASE("a copy whose fetch the clock overtook is fresh or stale, and another one is fresh", "[generated][C2][C8]") {
  const auto now = length(Age::stale) + length(Kind::step_idle);
  const auto story_of = [&](bool steps_meanwhile) {
    Story story(1, Age::stale);
    if (!steps_meanwhile) story.then(1, on(Kind::step_idle));
    const int first = story.begins(0, get);
    if (steps_meanwhile) story.then(1, on(Kind::step_idle));
    story.then(1, on(Kind::use_elsewhere, 0, 1));
    story.ends(first, written(1, 10, now));
    return story.then(1, on(Kind::write, 0, 2));
  };
  const Operation ask = on(Kind::get_stats);
  for (const bool steps_meanwhile : {false, true}) {
    const Story fetched = story_of(steps_meanwhile);
    const auto after = [&](const Outcome& second, const Outcome& counts) {
      return explained(Story(fetched).then(0, get, second).then(0, ask, counts));
    };
    CHECK(after(written(1, 10, now), stats(1, 1, 1, 1)));
    CHECK(after(written(2, 20, now), stats(1, 1, 0, 2)) == steps_meanwhile);
    // Stale or fresh, but not both; and the first get is a miss in any case.
    CHECK_FALSE(after(written(1, 10, now), stats(1, 1, 0, 2)));
    CHECK_FALSE(after(written(2, 20, now), stats(1, 1, 1, 1)));
    CHECK_FALSE(after(written(1, 10, now), stats(1, 1, 2, 0)));
    CHECK_FALSE(after(written(2, 10, now), stats(1, 1, 0, 2)));
  }
}

TEST_CASE("a copy that was fetched stale is fetched once more, and then it is fresh", "[generated][C8]") {
  const auto now = length(Age::stale) + length(Kind::step_ttl);
  for (const auto used : {length(Age::stale), now}) {  // by whichever reading the first is served
    Story story(1, Age::stale);
    const int first = story.begins(0, get);
    story.then(1, on(Kind::step_ttl));
    story.ends(first, session(nothing, 0, used));
    story.then(0, get, session(nothing, 0, now)).then(0, get, session(nothing, 0, now));
    for (const std::uint32_t misses : {0u, 1u, 2u, 3u}) {
      const bool right = misses == 1 || misses == 2;
      CHECK(explained(Story(story).then(0, on(Kind::get_stats), stats(1, 1, 3 - misses, misses))) == right);
    }
  }
}

TEST_CASE("a merge that finds one end expired may have fetched the other before a step of the clock",
          "[generated][C8]") {
  const auto now = length(Kind::step_idle);
  for (const bool steps_meanwhile : {false, true}) {
    Story story(2);
    if (!steps_meanwhile) story.then(1, on(Kind::step_idle));
    const int merge = story.begins(0, merging(0, 1));
    if (steps_meanwhile) story.then(1, on(Kind::step_idle));
    story.then(1, on(Kind::use_elsewhere, 0, 2));
    story.ends(merge, not_found);
    story.then(0, on(Kind::write, 0, 1));
    CHECK(explained(Story(story).then(0, get, written(2, 10, now))));
    CHECK(explained(Story(story).then(0, get, written(1, 20, now))) == steps_meanwhile);
    CHECK_FALSE(explained(Story(story).then(0, get, written(2, 20, now))));
  }
}

// The merge fetches both after a conflict. That what it fetched is served while it is fetched anew shows that it was
// there.
TEST_CASE("a merge that finds one end expired may have met a conflict before", "[generated][C8]") {
  const auto now = 2 * length(Age::most);
  for (const bool into_stays : {false, true}) {
    for (const bool steps_meanwhile : {false, true}) {
      const int stays = into_stays ? 1 : 0;
      Story story(2, Age::most);
      story.then(1, on(Kind::get, stays), session(nothing, 0, length(Age::most)));
      story.then(1, on(Kind::write, stays, 1));
      if (!steps_meanwhile) story.then(1, on(Kind::step_most));
      const int merge = story.begins(0, merging(1 - stays, stays));
      if (steps_meanwhile) story.then(1, on(Kind::step_most));
      story.ends(merge, not_found);
      if (!steps_meanwhile) {  // it can't have fetched the one that stays, which the next get has to
        const Story asked = Story(story).then(1, on(Kind::get, stays), written(1, 10, now));
        CHECK(explained(Story(asked).then(1, on(Kind::get_stats), stats(2, 2, 0, 2))));
        CHECK_FALSE(explained(Story(asked).then(1, on(Kind::get_stats), stats(2, 2, 1, 1))));
      }
      story.then(1, on(Kind::write, stays, 2));
      const int fetching = story.begins(0, on(Kind::get, stays));
      story.then(1, on(Kind::get, stays), written(1, 10, now));
      story.ends(fetching, written(2, 20, now));
      CHECK(explained(story) == steps_meanwhile);
    }
  }
}

TEST_CASE("a merge that finds one end gone may have fetched the other", "[generated][C2][C11]") {
  for (const bool other_is_into : {false, true}) {
    const int other = other_is_into ? 1 : 0;
    Story story(2, Age::most);
    story.then(1, on(Kind::remove, 1 - other)).then(1, on(Kind::step_most));
    story.then(1, on(Kind::use_elsewhere, other, 2)).then(0, merging(0, 1), not_found);
    story.then(0, on(Kind::get, other), written(2, 10, 2 * length(Kind::step_most)));
    CHECK(explained(Story(story).then(0, on(Kind::get_stats), stats(2, 1, 1, 0))));
    CHECK(explained(Story(story).then(0, on(Kind::get_stats), stats(2, 1, 0, 1))));
    CHECK_FALSE(explained(Story(story).then(0, on(Kind::get_stats), stats(2, 1, 1, 1))));
  }
}

TEST_CASE("a call reads the clock at some instant while it runs", "[generated]") {
  for (const Kind step : {Kind::step_ttl, Kind::step_idle}) {
    Story story;
    const int use = story.begins(0, get);
    story.then(1, on(step));
    story.ends(use, session(nothing, 0));
    CHECK(explained(story));
  }
  CHECK_FALSE(explained(Story().then(1, on(Kind::step_idle)).then(0, get, session(nothing, 0))));
}

// Nobody can tell which of the two was the session's last use.
TEST_CASE("a use that a later one overtook may leave that one counting or not", "[generated][C10]") {
  for (const bool overtaken : {false, true}) {
    Story story;
    const int use = story.begins(0, get);
    if (!overtaken) story.ends(use, session(nothing, 0));
    story.then(1, on(Kind::step_most)).then(1, on(Kind::increment), counted(1));
    if (overtaken) story.ends(use, session(nothing, 1));
    story.then(1, on(Kind::step_most));
    CHECK(explained(Story(story).then(0, get, session(nothing, 1, 2 * length(Kind::step_most)))));
    CHECK(explained(Story(story).then(0, get, not_found)) == overtaken);
  }
}

TEST_CASE("a session that answers after its end is not explained", "[generated][B8]") {
  CHECK(explained(Story().then(0, on(Kind::remove)).then(1, update_a, not_found)));
  CHECK_FALSE(explained(Story().then(0, on(Kind::remove)).then(1, update_a)));
  Story story;
  const int update = story.begins(0, update_a);
  story.then(1, on(Kind::remove));
  story.ends(update);
  CHECK(explained(story));
  CHECK_FALSE(explained(story.then(0, get, session(1, 1))));
}

TEST_CASE("only one of two deletes succeeds", "[generated]") {
  for (const bool both : {false, true}) {
    Story story;
    const int first = story.begins(0, on(Kind::remove));
    const int second = story.begins(1, on(Kind::remove));
    story.ends(first);
    story.ends(second, both ? Outcome() : not_found);
    CHECK(explained(story) == !both);
  }
}

TEST_CASE("a merge is seen whole or not at all", "[generated]") {
  for (const bool torn : {false, true}) {
    Story story(2);
    story.then(0, update_a);
    const int merge = story.begins(0, merging(0, 1));
    story.then(1, on(Kind::get, 1), session(1, 1));
    story.then(1, get, torn ? session(1, 1) : not_found);
    story.ends(merge);
    CHECK(explained(story) == !torn);
  }
}

TEST_CASE("another process's write that found the row gone orders nothing, and one that found it does", "[generated]") {
  const Operation writes[] = {on(Kind::write, 0, 1), on(Kind::use_elsewhere, 0, 1)};
  for (const Operation& write : writes) {
    for (const bool found : {false, true}) {
      Story story(1, Age::most);
      story.then(1, on(Kind::step_most));
      const int sweep = story.begins(0, on(Kind::expire_idle));
      story.then(1, write, found ? Outcome() : not_found);
      story.then(1, on(Kind::get_stats), stats(1, 1, 0, 0)).then(2, on(Kind::get_active_count), counted(1));
      story.ends(sweep, counted(1));
      // A use that was written before the count was taken, and so before the end, would have kept the session.
      const bool kept = found && write.kind == Kind::use_elsewhere;
      CHECK(explained(Story(story).then(1, get, not_found)) == !kept);
      CHECK_FALSE(explained(Story(story).then(1, on(Kind::get_active_count), counted(1))));
    }
  }
}

TEST_CASE("a write that found the row gone shows that the end of the session had begun", "[generated][C5]") {
  const Operation write = on(Kind::write, 0, 1);
  for (const bool merged : {false, true}) {
    const Operation ends = merged ? merging(0, 1) : on(Kind::remove);
    Story story(2);
    const int end = story.begins(0, ends);
    story.then(1, write, not_found).then(1, on(Kind::get_active_count), counted(2));
    story.ends(end);
    CHECK(explained(story));
    CHECK(explained(Story(2).then(0, ends).then(1, write, not_found)));
    CHECK_FALSE(explained(Story(2).then(0, ends).then(1, write)));
    CHECK_FALSE(explained(Story(2).then(1, write, not_found).then(0, ends)));
    Story of_the_other(2);
    const int other = of_the_other.begins(0, ends);
    of_the_other.then(1, on(Kind::write, 1, 1), not_found);
    of_the_other.ends(other);
    CHECK_FALSE(explained(of_the_other));
  }
  const Judgement judgement = judge(Story().then(1, write, not_found).then(0, get, session(nothing, 0)).history());
  CHECK_FALSE(judgement.explained);
  CHECK(
      judgement.sentence ==
      "no order of the operations explains another process: row of s1: \"w\" = \"1\", access_count += 10 -> not_found "
      "(thread 2); one would explain done");
}

TEST_CASE("a write that happened is seen by what asks the database after it", "[generated][C8]") {
  const auto now = length(Age::stale);
  const auto story = [] { return Story(1, Age::stale).then(1, on(Kind::write, 0, 1)); };
  CHECK(explained(story().then(0, get, written(1, 10, now))));
  CHECK_FALSE(explained(story().then(0, get, session(nothing, 0, now))));
  CHECK(explained(story().then(0, on(Kind::increment), counted(11))));
  CHECK_FALSE(explained(story().then(0, on(Kind::increment), counted(1))));
  for (const bool seen : {false, true}) {
    Story overlapping(1, Age::stale);
    const int write = overlapping.begins(1, on(Kind::write, 0, 1));
    overlapping.then(0, get, seen ? written(1, 10, now) : session(nothing, 0, now));
    overlapping.ends(write);
    CHECK(explained(overlapping));
    CHECK(explained(Story(overlapping).then(0, on(Kind::increment), counted(11))));
    CHECK_FALSE(explained(Story(overlapping).then(0, on(Kind::increment), counted(1))));
  }
}

TEST_CASE("a pass takes every row whose end had been acknowledged, and no row twice", "[generated]") {
  const auto story = [] { return Story(2).then(0, on(Kind::remove)); };
  const Operation pass = on(Kind::run_cleanup);
  CHECK(explained(story().then(1, pass, cleaned(1)).then(1, pass, cleaned(0))));
  CHECK_FALSE(explained(story().then(1, pass, cleaned(0))));
  CHECK_FALSE(explained(story().then(1, pass, cleaned(1)).then(1, pass, cleaned(1))));
  Story overlapping(2);
  const int removal = overlapping.begins(0, on(Kind::remove));
  overlapping.then(1, on(Kind::get_active_count), counted(1)).then(1, pass, cleaned(0));
  overlapping.ends(removal);
  CHECK(explained(overlapping));
}

TEST_CASE("rows that differ from what was acknowledged are not explained", "[generated]") {
  Outcome row = session(1, 1);
  row.data.version = 2;
  CHECK(explained(Story().then(0, update_a).then(main_thread, on(Kind::read_row), row)));
  row.data.version = 3;
  CHECK_FALSE(explained(Story().then(0, update_a).then(main_thread, on(Kind::read_row), row)));
}
