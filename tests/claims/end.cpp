// C5 and C6: delete, and the counts.
#include <catch2/catch_test_macros.hpp>

#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

TEST_CASE("delete succeeds once, and nothing succeeds on that id again", "[one-thread][C5]") {
  const World world;
  const SessionId id = world.create();
  const SessionId other = world.create("bob");
  REQUIRE(world->delete_session(id));
  CHECK(world->delete_session(id).error() == Error::not_found);
  CHECK(world->get_session(id).error() == Error::not_found);
  CHECK(world->update_session(id, "theme", "dark").error() == Error::not_found);
  CHECK(world->increment_access(id).error() == Error::not_found);
  CHECK(world->set_authenticated(id, true).error() == Error::not_found);
  CHECK(world->merge_sessions(id, other).error() == Error::not_found);
  CHECK(world->merge_sessions(other, id).error() == Error::not_found);
  CHECK(world->get_active_count() == 1);
  CHECK_FALSE(world.rows->fetch(id).value().has_value());
}

TEST_CASE("delete leaves its row marked and queued", "[one-thread][C5][C15]") {
  const World world;
  const SessionId id = world.create();
  REQUIRE(world->delete_session(id));
  CHECK(world->get_cleanup_queue_size() == 1);
  CHECK(world.rows->load().value().marked == std::vector{id});
}

TEST_CASE("the counts follow every operation that begins or ends a session", "[one-thread][C6]") {
  const World world;
  const auto counts_are = [&](std::uint64_t total, std::uint64_t active) {
    const Stats stats = world->get_stats();
    CHECK(stats.total_sessions == total);
    CHECK(stats.active_sessions == active);
    CHECK(world->get_active_count() == active);
  };
  counts_are(0, 0);
  const SessionId a = world.create("a");
  const SessionId b = world.create("b");
  const SessionId c = world.create("c");
  counts_are(3, 3);
  REQUIRE(world->delete_session(a));
  counts_are(3, 2);
  CHECK_FALSE(world->delete_session(a));
  counts_are(3, 2);
  REQUIRE(world->merge_sessions(b, c));
  counts_are(3, 1);
  world.advance(world.settings.idle_timeout + 1ns);
  counts_are(3, 1);  // idle but not swept yet
  CHECK(world->expire_idle() == 1);
  counts_are(3, 0);
  CHECK(world->get_stats().failed_cleanups == 0);
}
