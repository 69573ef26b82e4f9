// C10: expiry.
#include <catch2/catch_test_macros.hpp>

#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

TEST_CASE("a session is there until it has been idle for longer than the time-out", "[one-thread][C10]") {
  const World world;
  const SessionId id = world.create();
  world.advance(world.settings.idle_timeout);
  CHECK(world->get_session(id));
  world.advance(world.settings.idle_timeout + 1ns);
  CHECK(world->get_session(id).error() == Error::not_found);
}

TEST_CASE("no operation revives a session that has expired", "[one-thread][C10]") {
  const World world;
  const SessionId id = world.create();
  const SessionId other = world.create();
  world.advance(world.settings.idle_timeout);
  REQUIRE(world->get_session(other));
  world.advance(1ns);
  CHECK(world->update_session(id, "theme", "dark").error() == Error::not_found);
  CHECK(world->increment_access(id).error() == Error::not_found);
  CHECK(world->set_authenticated(id, true).error() == Error::not_found);
  CHECK(world->merge_sessions(id, other).error() == Error::not_found);
  CHECK(world->merge_sessions(other, id).error() == Error::not_found);
  CHECK(world->delete_session(id).error() == Error::not_found);
  CHECK(world->get_session(id).error() == Error::not_found);
  CHECK(world->get_session(other));
  CHECK(world->get_active_count() == 2);  // until it is swept
}

TEST_CASE("a sweep removes the idle sessions and no others", "[one-thread][C10]") {
  const World world;
  const SessionId idle = world.create();
  const SessionId used = world.create();
  const SessionId updated = world.create();
  world.advance(world.settings.idle_timeout);
  REQUIRE(world->get_session(used));
  REQUIRE(world->increment_access(updated));
  world.advance(1ns);
  CHECK(world->expire_idle() == 1);
  CHECK(world->expire_idle() == 0);
  CHECK(world->get_active_count() == 2);
  CHECK(world->get_session(used));
  CHECK(world->get_session(updated));
  CHECK(world.rows->load().value().marked == std::vector{idle});
  CHECK(world->get_cleanup_queue_size() == 1);
}

TEST_CASE("a sweep keeps a session whose row it can't mark, for the next one", "[one-thread][C10][C15]") {
  World world;
  (void)world.create();
  world.advance(world.settings.idle_timeout + 1ns);
  world.database->before = [](Call call, const SessionId&) {
    return call == Call::mark_deleted ? std::optional(Error::database_busy) : std::nullopt;
  };
  CHECK(world->expire_idle() == 0);
  CHECK(world->get_active_count() == 1);
  world.database->before = nullptr;
  CHECK(world->expire_idle() == 1);
  CHECK(world->get_active_count() == 0);
}

TEST_CASE("a session that another process has used is neither expired nor swept", "[one-thread][C10][C8]") {
  const World world;
  const SessionId id = world.create();
  world.advance(world.settings.idle_timeout);
  (void)world.write_elsewhere(id, [&](SessionData& data) { data.last_activity = world.clock->manual.now().wall; });
  world.advance(1ns);
  CHECK(world->expire_idle() == 0);
  CHECK(world->increment_access(id));
  world.advance(world.settings.idle_timeout);
  (void)world.write_elsewhere(id, [&](SessionData& data) { data.last_activity = world.clock->manual.now().wall; });
  world.advance(1ns);
  CHECK(world->get_session(id));
}

TEST_CASE("a use by another process counts from its own time, however late it is learned of", "[one-thread][C10][C8]") {
  const World world;
  const SessionId id = world.create();
  bool first = true;
  world.database->before = [&](Call call, const SessionId&) -> std::optional<Error> {
    if (call != Call::save || !first) return std::nullopt;
    first = false;  // between our reading of the clock and our write, which will meet a conflict
    world.advance(world.settings.idle_timeout + 1ns);
    (void)world.write_elsewhere(id, [&](SessionData& data) { data.last_activity = world.clock->manual.now().wall; });
    return std::nullopt;
  };
  CHECK(world->set_authenticated(id, false));
  CHECK(world->expire_idle() == 0);
  CHECK(world->get_session(id));
}

TEST_CASE("a step of the wall clock expires nothing", "[one-thread][C10]") {
  const World world;
  const SessionId id = world.create();
  world.clock->manual.step_wall(24h);
  CHECK(world->expire_idle() == 0);
  CHECK(world->get_session(id));
  world.clock->manual.step_wall(-48h);
  CHECK(world->expire_idle() == 0);
  CHECK(world->get_session(id));
}

TEST_CASE("idleness outlives a restart by the wall clock, and is never negative", "[one-thread][C10][C15]") {
  const World world;
  const SessionId id = world.create();
  world.advance(world.settings.idle_timeout - 1s);
  const auto second = world.restarted();
  CHECK(second->expire_idle() == 0);
  world.advance(1s + 1ns);
  CHECK(second->expire_idle() == 1);

  const World later;
  const SessionId from_the_future = later.create();
  later.clock->manual.step_wall(-24h);
  const auto third = later.restarted();
  later.advance(later.settings.idle_timeout);
  CHECK(third->get_session(from_the_future));
}

TEST_CASE("a sweep ends an idle session whose row another process has changed without a use", "[one-thread][C10][C8]") {
  const World world;
  const SessionId id = world.create();
  world.advance(world.settings.idle_timeout + 1ns);
  (void)world.write_elsewhere(id, [](SessionData& data) { data.is_authenticated = false; });
  // Its row could not be marked as it was known: then it may stay for the next sweep, which has the changed copy.
  CHECK(world->expire_idle() + world->expire_idle() == 1);
  CHECK(world->get_active_count() == 0);
  CHECK(world.rows->load().value().marked == std::vector{id});
}

TEST_CASE("a row older than the machine's uptime is as idle as it says", "[one-thread][C10][C15]") {
  World world;
  const SessionId id = world.create();
  world.settings.idle_timeout = 3h;
  world.clock->manual.step_wall(2h + 50min);  // the machine has been off: its steady clock stands at 1 h
  const auto second = world.restarted();
  CHECK(second->expire_idle() == 0);
  world.advance(11min);
  CHECK(second->get_session(id).error() == Error::not_found);
  CHECK(second->expire_idle() == 1);
}

TEST_CASE("a session is judged idle without the database while its copy is fresh", "[one-thread][C10][C8]") {
  const World world;
  const SessionId id = world.create();
  world.advance(world.settings.idle_timeout);
  REQUIRE(world->set_authenticated(id, true));  // not a use, and a fresh copy
  world.advance(1ns);
  const std::size_t fetches = world.database->calls(Call::fetch);
  CHECK(world->get_session(id).error() == Error::not_found);
  CHECK(world->increment_access(id).error() == Error::not_found);
  CHECK(world.database->calls(Call::fetch) == fetches);
}
