// C1: create.
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "common/ids.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

TEST_CASE("create gives every session a well-formed id of its own", "[one-thread][C1]") {
  const World world;
  std::set<SessionId> ids;
  for (int i = 0; i < 1000; ++i) {
    const SessionId id = world.create();
    CHECK(is_well_formed(id));
    ids.insert(id);
  }
  CHECK(ids.size() == 1000);
}

TEST_CASE("create starts an authenticated session that nobody has accessed", "[one-thread][C1]") {
  const World world;
  const WallTime now = world.clock->manual.now().wall;
  const SessionId id = world->create_session("42", "alice").value();

  SessionData expected;
  expected.session_id = id;
  expected.user_id = "42";
  expected.username = "alice";
  expected.login_time = now;
  expected.last_activity = now;
  expected.is_authenticated = true;
  CHECK(world->get_session(id).value() == expected);
  CHECK(world.rows->fetch(id).value().value() == Row{expected, 1});
}

TEST_CASE("create refuses an empty user or name and writes nothing", "[one-thread][C1]") {
  const World world;
  CHECK(world->create_session("", "alice").error() == Error::invalid_argument);
  CHECK(world->create_session("42", "").error() == Error::invalid_argument);
  CHECK(world->get_active_count() == 0);
  CHECK(world.rows->load().value().live.empty());
}

TEST_CASE("create begins nothing under an id that the database has already", "[one-thread][C1]") {
  World world;
  world.database->before = [&](Call call, const SessionId& id) -> std::optional<Error> {
    if (call != Call::save) return std::nullopt;
    Row row;
    row.data.session_id = id;
    row.version = 1;
    must(world.rows->save(row, 0));
    return std::nullopt;
  };
  CHECK(world->create_session("42", "alice").error() == Error::database_failed);
  CHECK(world->get_active_count() == 0);
  CHECK(world->get_stats().total_sessions == 0);
}
