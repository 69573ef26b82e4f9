// C11: merge.
#include <catch2/catch_test_macros.hpp>

#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

TEST_CASE("merge moves the metadata, adds the accesses and ends the source", "[one-thread][C11]") {
  const World world;
  const SessionId from = world.create("guest");
  const SessionId into = world.create("alice");
  REQUIRE(world->update_session(from, "cart", "3 books"));
  REQUIRE(world->update_session(from, "theme", "light"));
  REQUIRE(world->update_session(into, "theme", "dark"));
  REQUIRE(world->set_authenticated(into, false));
  SessionData expected = world->get_session(into).value();
  world.advance(5s);
  REQUIRE(world->merge_sessions(from, into));

  expected.metadata = {{"cart", "3 books"}, {"theme", "dark"}};
  expected.access_count = 3;
  expected.last_activity += 5s;
  CHECK(world->get_session(into).value() == expected);
  CHECK(world.rows->fetch(into).value().value() == Row{expected, 4});
  CHECK(world->get_session(from).error() == Error::not_found);
  CHECK_FALSE(world.rows->fetch(from).value().has_value());
  CHECK(world->get_active_count() == 1);
  CHECK(world->get_cleanup_queue_size() == 1);
}

TEST_CASE("merge of a session with itself is same_session and changes nothing", "[one-thread][C11]") {
  const World world;
  const SessionId id = world.create();
  const Row before = world.rows->fetch(id).value().value();
  CHECK(world->merge_sessions(id, id).error() == Error::same_session);
  CHECK(world.rows->fetch(id).value().value() == before);
  CHECK(world->get_active_count() == 1);
}

TEST_CASE("merge with a missing end changes nothing at the other", "[one-thread][C11]") {
  const World world;
  const SessionId deleted = world.create();
  const SessionId live = world.create();
  REQUIRE(world->update_session(live, "theme", "dark"));
  REQUIRE(world->delete_session(deleted));
  const Row before = world.rows->fetch(live).value().value();
  CHECK(world->merge_sessions(deleted, live).error() == Error::not_found);
  CHECK(world->merge_sessions(live, deleted).error() == Error::not_found);
  CHECK(world.rows->fetch(live).value().value() == before);
  CHECK(world->get_session(live).value() == before.data);
}

TEST_CASE("merge chains collect everything in the last session", "[one-thread][C11]") {
  const World world;
  std::vector<SessionId> ids;
  for (int i = 0; i < 5; ++i) {
    ids.push_back(world.create());
    REQUIRE(world->update_session(ids.back(), "key " + std::to_string(i), "value"));
  }
  for (std::size_t i = 0; i + 1 < ids.size(); ++i) REQUIRE(world->merge_sessions(ids[i], ids[i + 1]));
  CHECK(world->get_session(ids.back()).value().metadata.size() == 5);
  CHECK(world->get_session(ids.back()).value().access_count == 5);
  CHECK(world->get_active_count() == 1);
}

// Only ThreadSanitizer can see it fail: it remembers in which order mutexes were taken.
TEST_CASE("merge takes its locks in one order whichever way it goes", "[one-thread][C11][B9]") {
  World world;
  const SessionId a = world.create("a");
  const SessionId b = world.create("b");
  world.database->before = [](Call call, const SessionId&) {
    return call == Call::merge ? std::optional(Error::database_failed) : std::nullopt;
  };
  CHECK(world->merge_sessions(a, b).error() == Error::database_failed);
  CHECK(world->merge_sessions(b, a).error() == Error::database_failed);
}
