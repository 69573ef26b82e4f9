// C2: get, and what every operation says of an id that names no session.
#include <catch2/catch_test_macros.hpp>

#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

namespace {

std::vector<SessionId> ids_of_nothing() {
  return {
      SessionId("00000000-0000-4000-8000-000000000000"),  // well formed and unknown
      SessionId(""),
      SessionId(std::string(1 << 20, 'a')),
      SessionId("\xff\xfe\x80 not UTF-8 at all, and not 36 bytes"),
      SessionId(std::string("00000000-0000-4000-8000-00000000\0\0\0\0", 36)),
      SessionId("00000000-0000-4000-8000-00000000000G"),
      SessionId("' OR 1=1 --"),
  };
}

}  // namespace

TEST_CASE("every operation says not_found of an id that names no session", "[one-thread][C2]") {
  const World world;
  const SessionId live = world.create();
  const SessionData before = world->get_session(live).value();
  for (const SessionId& id : ids_of_nothing()) {
    CHECK(world->get_session(id).error() == Error::not_found);
    CHECK(world->update_session(id, "theme", "dark").error() == Error::not_found);
    CHECK(world->increment_access(id).error() == Error::not_found);
    CHECK(world->set_authenticated(id, false).error() == Error::not_found);
    CHECK(world->delete_session(id).error() == Error::not_found);
    CHECK(world->merge_sessions(id, live).error() == Error::not_found);
    CHECK(world->merge_sessions(live, id).error() == Error::not_found);
  }
  CHECK(world->get_active_count() == 1);
  CHECK(world->get_session(live).value() == before);
}

TEST_CASE("a fresh copy counts one hit, an unknown id one miss", "[one-thread][C2][C6]") {
  const World world;
  const SessionId id = world.create();
  (void)world->get_session(id);
  CHECK(world->get_stats().cache_hits == 1);
  CHECK(world->get_stats().cache_misses == 0);
  for (const SessionId& nothing : ids_of_nothing()) (void)world->get_session(nothing);
  CHECK(world->get_stats().cache_hits == 1);
  CHECK(world->get_stats().cache_misses == ids_of_nothing().size());
}

TEST_CASE("a copy that had to be fetched counts one miss", "[one-thread][C2][C6]") {
  const World world;
  const SessionId id = world.create();
  world.advance(world.settings.cache_ttl + 1ns);
  (void)world->get_session(id);
  CHECK(world->get_stats().cache_misses == 1);
  CHECK(world->get_stats().cache_hits == 0);
}

TEST_CASE("a deleted or expired session counts one miss", "[one-thread][C2][C6]") {
  const World world;
  const SessionId deleted = world.create();
  const SessionId expired = world.create();
  REQUIRE(world->delete_session(deleted));
  CHECK(world->get_session(deleted).error() == Error::not_found);
  CHECK(world->get_stats().cache_misses == 1);
  world.advance(world.settings.idle_timeout + 1ns);
  CHECK(world->get_session(expired).error() == Error::not_found);
  CHECK(world->get_stats().cache_misses == 2);
  CHECK(world->get_stats().cache_hits == 0);
}

TEST_CASE("what get returned does not follow the session's later changes", "[one-thread][C2]") {
  const World world;
  const SessionId id = world.create();
  const SessionData before = world->get_session(id).value();
  REQUIRE(world->update_session(id, "theme", "dark"));
  CHECK(before.metadata.empty());
  CHECK(before.access_count == 0);
}

TEST_CASE("get is a use and changes nothing else", "[one-thread][C2]") {
  const World world;
  const SessionId id = world.create();
  const Row row = world.rows->fetch(id).value().value();
  world.advance(10s);
  SessionData expected = row.data;
  expected.last_activity += 10s;
  CHECK(world->get_session(id).value() == expected);
  CHECK(world.rows->fetch(id).value().value() == row);
}
