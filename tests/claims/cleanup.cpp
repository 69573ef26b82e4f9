// C7: cleanup.
#include <catch2/catch_test_macros.hpp>
#include <map>

#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

namespace {

// Makes every purge fail whose id `fails` says so of, and counts the tries of each.
std::map<SessionId, int>& fail_purges(World& world, std::map<SessionId, int>& tries,
                                      std::function<bool(const SessionId&)> fails) {
  world.database->before = [&tries, fails](Call call, const SessionId& id) -> std::optional<Error> {
    if (call != Call::purge) return std::nullopt;
    ++tries[id];
    return fails(id) ? std::optional(Error::database_failed) : std::nullopt;
  };
  return tries;
}

}  // namespace

TEST_CASE("a pass removes the rows that can be removed, each in one try", "[one-thread][C7]") {
  World world;
  std::map<SessionId, int> tries;
  fail_purges(world, tries, [](const SessionId&) { return false; });
  for (int i = 0; i < 10; ++i) REQUIRE(world->delete_session(world.create()));
  CHECK(world->run_cleanup() == CleanupReport{10, 10, 0, 0});
  CHECK(world->get_cleanup_queue_size() == 0);
  CHECK(world.rows->load().value().marked.empty());
  CHECK(tries.size() == 10);
  for (const auto& [id, count] : tries) CHECK(count == 1);
  CHECK(world->run_cleanup() == CleanupReport{});
}

TEST_CASE("a row that failed is tried again by the next pass", "[one-thread][C7]") {
  World world;
  std::map<SessionId, int> tries;
  bool broken = true;
  fail_purges(world, tries, [&](const SessionId&) { return broken; });
  const SessionId id = world.create();
  REQUIRE(world->delete_session(id));
  CHECK(world->run_cleanup() == CleanupReport{1, 0, 1, 0});
  CHECK(world->get_cleanup_queue_size() == 1);
  CHECK(world->get_stats().failed_cleanups == 1);
  broken = false;
  CHECK(world->run_cleanup() == CleanupReport{1, 1, 0, 0});
  CHECK(world->get_cleanup_queue_size() == 0);
  CHECK(world->get_stats().failed_cleanups == 1);
}

TEST_CASE("a row that failed in three passes goes to the dead letters", "[one-thread][C7][B4]") {
  World world;
  std::map<SessionId, int> tries;
  fail_purges(world, tries, [](const SessionId&) { return true; });
  const SessionId id = world.create();
  REQUIRE(world->delete_session(id));
  for (int pass = 0; pass < 5; ++pass) (void)world->run_cleanup();
  INFO("cleanup leak: a row that can't be removed stays queued");
  CHECK(tries.at(id) == 3);
  CHECK(world->get_cleanup_queue_size() == 0);
  CHECK(world->get_stats().failed_cleanups == 3);
  CHECK(world->dead_letters().latest == std::vector{id});
  CHECK(world->dead_letters().dropped == 0);
}

TEST_CASE("the dead letters keep the latest 1,024 and count the rest", "[one-thread][C7][B4]") {
  World world;
  std::map<SessionId, int> tries;
  fail_purges(world, tries, [](const SessionId&) { return true; });
  std::vector<SessionId> given_up;
  INFO("cleanup leak: rows that can't be removed stay queued");
  for (int i = 0; i < 1030; ++i) {
    given_up.push_back(world.create());
    REQUIRE(world->delete_session(given_up.back()));
    for (int pass = 0; pass < 3; ++pass) (void)world->run_cleanup();
    REQUIRE(world->get_cleanup_queue_size() == 0);  // else each pass would take longer than the one before
  }
  CHECK(world->dead_letters().dropped == 6);
  CHECK(world->dead_letters().latest == std::vector(given_up.begin() + 6, given_up.end()));
}

TEST_CASE("a delete that finds 64 rows queued runs a pass", "[one-thread][C7]") {
  const World world;
  for (int i = 0; i < 63; ++i) REQUIRE(world->delete_session(world.create()));
  CHECK(world->get_cleanup_queue_size() == 63);
  CHECK(world.database->calls(Call::purge) == 0);
  REQUIRE(world->delete_session(world.create()));
  CHECK(world->get_cleanup_queue_size() == 0);
}

TEST_CASE("a thousand deletes of which half can't be purged leave at most 64 queued", "[one-thread][C7][B4]") {
  World world;
  std::map<SessionId, int> tries;
  bool odd = false;
  std::map<SessionId, bool> hopeless;
  fail_purges(world, tries, [&](const SessionId& id) { return hopeless.at(id); });
  for (int i = 0; i < 1000; ++i) {
    const SessionId id = world.create();
    hopeless[id] = odd = !odd;
    REQUIRE(world->delete_session(id));
  }
  INFO("cleanup leak: the queue grows with every delete whose row can't be removed");
  CHECK(world->get_cleanup_queue_size() <= 64);
  for (const auto& [id, count] : tries) CHECK(count <= 3);
}
