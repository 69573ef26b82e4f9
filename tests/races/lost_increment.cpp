// B2: the lock that found the session is gone while it is counted.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "tests/support/threads.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

TEST_CASE("no two increments return the same number, and the last is their number", "[concurrent][C4][B2]") {
  constexpr int threads = 4;
  constexpr int increments = 50;
  const std::string failure = first_broken_round(20, [&](int) -> std::optional<std::string> {
    const World world;
    const SessionId id = world.create();
    std::vector<std::vector<std::uint64_t>> got(threads);
    std::vector<Body> bodies;
    for (auto& counts : got) {
      bodies.push_back([&world, &id, &counts] {
        for (int i = 0; i < increments; ++i) counts.push_back(world->increment_access(id).value());
      });
    }
    run_together("concurrent increments of one session", bodies);
    std::vector<std::uint64_t> all;
    for (const auto& counts : got) all.insert(all.end(), counts.begin(), counts.end());
    std::sort(all.begin(), all.end());
    const auto twice = std::adjacent_find(all.begin(), all.end());
    if (twice != all.end()) return fmt::format("lost increment: two callers got {}", *twice);
    const std::uint64_t count = world->get_session(id).value().access_count;
    if (count != threads * increments) return fmt::format("lost increment: {} of {}", count, threads * increments);
    return std::nullopt;
  });
  CHECK(failure == "");
}

// Only a sanitizer can see it fail: the read of freed memory mostly finds what was there.
TEST_CASE("an increment beside a delete touches no memory that the delete frees", "[concurrent][C4][C5][B2]") {
  const std::string failure = first_broken_round(1000, [&](int) -> std::optional<std::string> {
    const World world;
    const SessionId id = world.create();
    run_together("increments beside a delete", {[&] {
                                                  while (world->increment_access(id)) std::this_thread::yield();
                                                },
                                                [&] { (void)world->delete_session(id); }});
    if (world->get_active_count() != 0) return "the deleted session is still counted";
    return std::nullopt;
  });
  CHECK(failure == "");
}
