// B6: plain integers, counted under no common lock.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/threads.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

TEST_CASE("every get counts one hit or one miss", "[concurrent][C2][C6][B6]") {
  constexpr int threads = 4;
  constexpr int gets = 500;
  const std::string failure = first_broken_round(40, [&](int) -> std::optional<std::string> {
    const World world;
    const SessionId id = world.create();
    const SessionId nothing("00000000-0000-4000-8000-000000000000");
    std::vector<Body> bodies(threads, [&] {
      for (int i = 0; i < gets; ++i) (void)world->get_session(i % 2 == 0 ? id : nothing);
    });
    run_together("gets at once", bodies);
    const Stats stats = world->get_stats();
    constexpr std::uint64_t expected = threads * gets / 2;
    if (stats.cache_hits != expected) return fmt::format("torn statistics: {} hits of {}", stats.cache_hits, expected);
    if (stats.cache_misses != expected)
      return fmt::format("torn statistics: {} misses of {}", stats.cache_misses, expected);
    return std::nullopt;
  });
  CHECK(failure == "");
}

TEST_CASE("failed cleanups are counted one by one while others read them", "[concurrent][C6]") {
  World world;
  world.database->before = [](Call call, const SessionId&) -> std::optional<Error> {
    return call == Call::purge ? std::optional(Error::database_failed) : std::nullopt;
  };
  for (int i = 0; i < 40; ++i) REQUIRE(world->delete_session(world.create()));
  std::atomic<bool> done{false};
  bool went_back = false;
  run_together("a pass beside a reader of its count", {[&] {
                                                         (void)world->run_cleanup();
                                                         done = true;
                                                       },
                                                       [&] {
                                                         std::uint64_t last = 0;
                                                         while (!done) {
                                                           const std::uint64_t now = world->get_stats().failed_cleanups;
                                                           went_back |= now < last;
                                                           last = now;
                                                         }
                                                       }});
  CHECK_FALSE(went_back);
  CHECK(world->get_stats().failed_cleanups == 40);
}
