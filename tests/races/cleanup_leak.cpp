// B4, and what of C7 only threads can break.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <mutex>

#include "tests/support/threads.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

TEST_CASE("passes that run at once never try one row at once, and lose none", "[concurrent][C7]") {
  const std::string failure = first_broken_round(30, [&](int) -> std::optional<std::string> {
    World world;
    std::mutex mutex;
    std::map<SessionId, int> in_hand;
    bool twice_at_once = false;
    for (int i = 0; i < 40; ++i) REQUIRE(world->delete_session(world.create()));
    world.database->before = [&](Call call, const SessionId& id) -> std::optional<Error> {
      if (call != Call::purge) return std::nullopt;
      const std::lock_guard lock(mutex);
      twice_at_once |= ++in_hand[id] > 1;
      return std::nullopt;
    };
    world.database->after = [&](Call call, const SessionId& id) {
      if (call != Call::purge) return;
      const std::lock_guard lock(mutex);
      --in_hand[id];
    };
    const Body pass = [&] { (void)world->run_cleanup(); };
    run_together("two passes at once", {pass, pass});
    if (twice_at_once) return "two passes tried one row at once";
    if (world->get_cleanup_queue_size() != 0) return "rows stayed queued though their purge succeeded";
    if (!world.rows->load().value().marked.empty()) return "rows were forgotten";
    return std::nullopt;
  });
  CHECK(failure == "");
}

TEST_CASE("deletes and passes at once leave no row queued for ever", "[concurrent][C7][B4]") {
  World world;
  world.database->before = [](Call call, const SessionId& id) -> std::optional<Error> {
    if (call == Call::purge && id.str().back() % 2 != 0) return Error::database_failed;
    return std::nullopt;
  };
  std::vector<Body> bodies(2, [&] {
    for (int i = 0; i < 150; ++i) (void)world->delete_session(world.create());
  });
  bodies.push_back([&] {
    for (int i = 0; i < 10; ++i) (void)world->run_cleanup();
  });
  run_together("deletes beside passes", bodies);
  for (int pass = 0; pass < 3; ++pass) (void)world->run_cleanup();
  INFO("cleanup leak: rows that can't be removed stay queued");
  CHECK(world->get_cleanup_queue_size() == 0);
  CHECK(world->dead_letters().latest.size() == world.rows->load().value().marked.size());
}
