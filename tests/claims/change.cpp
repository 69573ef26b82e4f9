// C3, C4 and C9: update, increment, set_authenticated.
#include <catch2/catch_test_macros.hpp>

#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

TEST_CASE("update sets the key, counts one access and is a use", "[one-thread][C3]") {
  const World world;
  const SessionId id = world.create();
  SessionData expected = world->get_session(id).value();
  world.advance(10s);
  REQUIRE(world->update_session(id, "theme", "dark"));
  REQUIRE(world->update_session(id, "theme", "light"));
  REQUIRE(world->update_session(id, "language", ""));

  expected.metadata = {{"theme", "light"}, {"language", ""}};
  expected.access_count = 3;
  expected.last_activity += 10s;
  CHECK(world->get_session(id).value() == expected);
  CHECK(world.rows->fetch(id).value().value() == Row{expected, 4});
}

TEST_CASE("update keeps keys and values of any bytes", "[one-thread][C3]") {
  const World world;
  const SessionId id = world.create();
  const std::string key("k\0\xff", 3);
  const std::string value(1 << 20, '\xfe');
  REQUIRE(world->update_session(id, key, value));
  CHECK(world->get_session(id).value().metadata.at(key) == value);
  CHECK(world.restarted()->get_session(id).value().metadata.at(key) == value);
}

TEST_CASE("update refuses an empty key and changes nothing", "[one-thread][C3]") {
  const World world;
  const SessionId id = world.create();
  const Row before = world.rows->fetch(id).value().value();
  CHECK(world->update_session(id, "", "dark").error() == Error::invalid_argument);
  CHECK(world.rows->fetch(id).value().value() == before);
  CHECK(world->get_session(id).value() == before.data);
}

TEST_CASE("increment returns the new count, one above the last", "[one-thread][C4]") {
  const World world;
  const SessionId id = world.create();
  CHECK(world->increment_access(id).value() == 1);
  REQUIRE(world->update_session(id, "theme", "dark"));
  CHECK(world->increment_access(id).value() == 3);
  CHECK(world->get_session(id).value().access_count == 3);
  CHECK(world.rows->fetch(id).value().value().version == 4);
}

TEST_CASE("set_authenticated changes the flag alone", "[one-thread][C9]") {
  const World world;
  const SessionId id = world.create();
  SessionData expected = world->get_session(id).value();
  world.advance(10s);
  REQUIRE(world->set_authenticated(id, false));
  expected.is_authenticated = false;
  CHECK(world.rows->fetch(id).value().value() == Row{expected, 2});
  CHECK_FALSE(world->get_session(id).value().is_authenticated);
  REQUIRE(world->set_authenticated(id, true));
  CHECK(world->get_session(id).value().is_authenticated);
}

TEST_CASE("set_authenticated is not a use", "[one-thread][C9][C10]") {
  const World world;
  const SessionId id = world.create();
  world.advance(world.settings.idle_timeout - 1s);
  REQUIRE(world->set_authenticated(id, true));
  world.advance(2s);
  CHECK(world->get_session(id).error() == Error::not_found);
}
