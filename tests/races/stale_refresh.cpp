// B3: a copy that was fetched before a change is taken for the newer one after it.
#include <catch2/catch_test_macros.hpp>

#include "tests/support/threads.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

TEST_CASE("a refresh does not undo an update that was made while it fetched", "[concurrent][C8][B3]") {
  World world;
  const SessionId id = world.create();
  world.advance(world.settings.cache_ttl + 1ns);
  bool updated = false;
  world.database->after = [&](Call call, const SessionId&) {
    if (call != Call::fetch || updated) return;
    updated = true;  // the row has been read, the reader does not have it yet
    run_elsewhere("an update of a session that is being refreshed",
                  [&] { must(world->update_session(id, "theme", "dark")); });
  };
  const Result<SessionData> data = world->get_session(id);
  REQUIRE(updated);
  INFO("stale refresh: the copy fetched before the update has replaced it");
  CHECK(data.value().metadata.count("theme") == 1);
  CHECK(world->get_session(id).value().metadata.count("theme") == 1);
}
