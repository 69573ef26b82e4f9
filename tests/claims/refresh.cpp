// C8: refresh, and saves under the eyes of another process over the same database.
#include <catch2/catch_test_macros.hpp>

#include "tests/support/threads.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

TEST_CASE("a stale copy is replaced by the database's if that is newer", "[one-thread][C8]") {
  const World world;
  const SessionId id = world.create();
  const Row written = world.write_elsewhere(id, [](SessionData& data) { data.metadata["theme"] = "dark"; });
  CHECK(world->get_session(id).value().metadata.empty());  // fresh enough: the cached copy
  CHECK(world.database->calls(Call::fetch) == 0);
  world.advance(world.settings.cache_ttl + 1ns);
  CHECK(world->get_session(id).value().metadata == written.data.metadata);
  CHECK(world.database->calls(Call::fetch) == 1);
  CHECK(world->get_session(id).value().metadata == written.data.metadata);
  CHECK(world.database->calls(Call::fetch) == 1);
}

TEST_CASE("a stale copy stays if the database's is not newer", "[one-thread][C8][B3]") {
  const World world;
  const SessionId id = world.create();
  REQUIRE(world->update_session(id, "theme", "dark"));
  Row older = world.rows->fetch(id).value().value();
  const Version current = older.version;
  older.version = current - 1;
  older.data.metadata.clear();
  REQUIRE(world.rows->save(older, current).value() == Written::yes);
  world.advance(world.settings.cache_ttl + 1ns);
  INFO("stale refresh: an older copy replaced a newer one");
  CHECK(world->get_session(id).value().metadata.count("theme") == 1);
}

TEST_CASE("a refresh keeps a later use that only this process knows of", "[one-thread][C8][C10]") {
  const World world;
  const SessionId id = world.create();
  (void)world.write_elsewhere(id, [](SessionData& data) { data.metadata["theme"] = "dark"; });
  world.advance(world.settings.cache_ttl);
  (void)world->get_session(id);
  world.advance(1ns);
  REQUIRE(world->get_session(id).value().metadata.count("theme") == 1);
  world.advance(world.settings.idle_timeout);
  CHECK(world->get_session(id));
}

TEST_CASE("a fetch that fails serves the cached copy and counts a miss", "[one-thread][C8]") {
  World world;
  const SessionId id = world.create();
  world.advance(world.settings.cache_ttl + 1ns);
  world.database->before = [](Call call, const SessionId&) {
    return call == Call::fetch ? std::optional(Error::database_unavailable) : std::nullopt;
  };
  CHECK(world->get_session(id).value().username == "alice");
  CHECK(world->get_stats().cache_misses == 1);
  CHECK(world->get_session(SessionId("00000000-0000-4000-8000-000000000000")).error() == Error::database_unavailable);
}

TEST_CASE("a row that is gone ends the session", "[one-thread][C8]") {
  const World world;
  const SessionId id = world.create();
  const SessionId changed = world.create();
  REQUIRE(world.rows->mark_deleted(id, 1).value() == Written::yes);
  REQUIRE(world.rows->mark_deleted(changed, 1).value() == Written::yes);
  CHECK(world->increment_access(changed).error() == Error::not_found);
  CHECK(world->get_active_count() == 1);
  world.advance(world.settings.cache_ttl + 1ns);
  CHECK(world->get_session(id).error() == Error::not_found);
  CHECK(world->get_active_count() == 0);
  CHECK(world->get_stats().active_sessions == 0);
  CHECK(world->get_cleanup_queue_size() == 0);  // the process that marked it purges it
}

TEST_CASE("while one caller fetches the others get the cached copy and fetch nothing", "[one-thread][C8]") {
  World world;
  const SessionId id = world.create();
  world.advance(world.settings.cache_ttl + 1ns);
  bool fetching = false;
  std::optional<Result<SessionData>> other;
  world.database->before = [&](Call call, const SessionId&) -> std::optional<Error> {
    if (call != Call::fetch || fetching) return std::nullopt;
    fetching = true;
    run_elsewhere("get of a session that another caller is fetching", [&] { other = world->get_session(id); });
    return std::nullopt;
  };
  REQUIRE(world->get_session(id));
  REQUIRE(other.has_value());
  CHECK(other->value().username == "alice");
  CHECK(world.database->calls(Call::fetch) == 1);
  CHECK(world->get_stats().cache_hits == 1);
  CHECK(world->get_stats().cache_misses == 1);
}

TEST_CASE("a save that meets another process's change is applied on top of it", "[one-thread][C8]") {
  const World world;
  const SessionId id = world.create();
  const auto elsewhere = [&](const std::string& key) {
    (void)world.write_elsewhere(id, [&](SessionData& data) {
      data.metadata[key] = "elsewhere";
      data.access_count += 10;
    });
  };
  elsewhere("a");
  REQUIRE(world->update_session(id, "theme", "dark"));
  elsewhere("b");
  CHECK(world->increment_access(id).value() == 22);
  elsewhere("c");
  REQUIRE(world->set_authenticated(id, false));

  const SessionData data = world->get_session(id).value();
  CHECK(data.metadata.size() == 4);
  CHECK(data.access_count == 32);
  CHECK_FALSE(data.is_authenticated);
  const Row row = world.rows->fetch(id).value().value();
  CHECK(row.data == data);
  CHECK(row.version == 7);
}

TEST_CASE("delete and merge go on from another process's change", "[one-thread][C8][C11]") {
  const World world;
  const SessionId from = world.create();
  const SessionId into = world.create();
  (void)world.write_elsewhere(from, [](SessionData& data) { data.metadata["theme"] = "dark"; });
  (void)world.write_elsewhere(into, [](SessionData& data) { data.access_count = 5; });
  REQUIRE(world->merge_sessions(from, into));
  CHECK(world->get_session(into).value().metadata.count("theme") == 1);
  CHECK(world->get_session(into).value().access_count == 5);
  (void)world.write_elsewhere(into, [](SessionData& data) { data.access_count = 6; });
  CHECK(world->delete_session(into));
  CHECK_FALSE(world.rows->fetch(into).value().has_value());
}

TEST_CASE("a row that changes before every save is database_busy", "[one-thread][C8]") {
  World world;
  const SessionId id = world.create();
  world.database->before = [&](Call call, const SessionId&) -> std::optional<Error> {
    if (call == Call::save) (void)world.write_elsewhere(id, [](SessionData& data) { ++data.access_count; });
    return std::nullopt;
  };
  CHECK(world->update_session(id, "theme", "dark").error() == Error::database_busy);
  world.database->before = nullptr;
  CHECK(world->get_session(id).value().metadata.empty());
}

TEST_CASE("a miss loads a row that another process has written", "[one-thread][C8][C15]") {
  const World world;
  const World other;
  const SessionId id = other.create("bob");
  const Row row = other.rows->fetch(id).value().value();
  REQUIRE(world.rows->save(row, 0).value() == Written::yes);
  CHECK(world->get_session(id).value() == row.data);
  CHECK(world->get_active_count() == 1);
  CHECK(world->get_stats().total_sessions == 1);
  CHECK(world->get_stats().cache_misses == 1);
}

// B3 without luck: the update comes in the one window there is, when the row has been read and the reader does not have
// it.
TEST_CASE("a refresh does not undo an update that was made while it fetched", "[one-thread][C8][B3]") {
  World world;
  const SessionId id = world.create();
  world.advance(world.settings.cache_ttl + 1ns);
  bool updated = false;
  world.database->after = [&](Call call, const SessionId&) {
    if (call != Call::fetch || updated) return;
    updated = true;
    run_elsewhere("an update of a session that is being refreshed",
                  [&] { must(world->update_session(id, "theme", "dark")); });
  };
  const Result<SessionData> data = world->get_session(id);
  REQUIRE(updated);
  INFO("stale refresh: the copy fetched before the update has replaced it");
  CHECK(data.value().metadata.count("theme") == 1);
  CHECK(world->get_session(id).value().metadata.count("theme") == 1);
}

TEST_CASE("a change that meets another's and can't read it returns that error at once", "[one-thread][C8][C15]") {
  World world;
  const SessionId id = world.create("id");
  const SessionId other = world.create("other");
  const auto change = [](SessionData& data) { data.metadata["theme"] = "dark"; };
  const auto fetches = [&] { return world.database->calls(Call::fetch); };
  const auto fails_at_once = [&](const auto& operation) {
    world.database->before = [](Call call, const SessionId&) {
      return call == Call::fetch ? std::optional(Error::database_unavailable) : std::nullopt;
    };
    const std::size_t before = fetches();
    CHECK(operation().error() == Error::database_unavailable);
    CHECK(fetches() == before + 1);
    world.database->before = nullptr;
  };
  (void)world.write_elsewhere(id, change);
  fails_at_once([&] { return world->increment_access(id); });
  fails_at_once([&] { return world->delete_session(id); });
  fails_at_once([&] { return world->merge_sessions(id, other); });
  REQUIRE(world->increment_access(id));  // what it knows of `id` is the database's again
  (void)world.write_elsewhere(other, change);

  // The source can be read again, the target not.
  world.database->before = [&](Call call, const SessionId& called) {
    return call == Call::fetch && called == other ? std::optional(Error::database_unavailable) : std::nullopt;
  };
  const std::size_t before = fetches();
  CHECK(world->merge_sessions(id, other).error() == Error::database_unavailable);
  CHECK(fetches() == before + 2);
  world.database->before = nullptr;
  CHECK(world->merge_sessions(id, other));
  CHECK(world->get_session(other).value().access_count == 1);
}
