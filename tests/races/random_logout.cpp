// B7: checked under one lock, acted upon under a later one.
#include <fmt/format.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "tests/support/threads.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

// Each of these sessions has been idle for 20 minutes, and so the sweep 15 minutes later finds it idle for more
// than the time-out of 30, unless it has been used just before: then for 15 only, and it must stay.
TEST_CASE("a sweep removes no session that was used in time", "[concurrent][C10][B7]") {
  const std::string failure = first_broken_round(300, [&](int round) -> std::optional<std::string> {
    const World world;
    std::vector<SessionId> ids;
    for (int i = 0; i < 100; ++i) ids.push_back(world.create());
    world.advance(20min);
    std::vector<char> used(ids.size(), 0);
    unsigned seed = static_cast<unsigned>(round);
    run_together("a sweep beside its sessions' users", {[&] {
                                                          for (std::size_t i = 0; i < ids.size(); ++i)
                                                            used[i] = world->get_session(ids[i]).has_value();
                                                        },
                                                        [&] {
                                                          jitter(seed, 20'000);
                                                          world.advance(15min);
                                                          (void)world->expire_idle();
                                                        }});
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (used[i] && !world->get_session(ids[i])) return "random logout: a session was used in time and swept";
    }
    return std::nullopt;
  });
  CHECK(failure == "");
}

TEST_CASE("a get that finds nothing counts a miss and no hit", "[concurrent][C2][C6][B7]") {
  const std::string failure = first_broken_round(500, [&](int) -> std::optional<std::string> {
    const World world;
    const SessionId id = world.create();
    std::uint64_t found = 0;
    std::uint64_t missed = 0;
    run_together("a delete beside gets", {[&] { (void)world->delete_session(id); },
                                          [&] {
                                            do {
                                              ++(world->get_session(id) ? found : missed);
                                              std::this_thread::yield();
                                            } while (missed == 0);
                                          }});
    const Stats stats = world->get_stats();
    if (stats.cache_hits != found || stats.cache_misses > missed + found) {
      return fmt::format("random logout: {} gets found the session, {} hits were counted", found, stats.cache_hits);
    }
    return std::nullopt;
  });
  CHECK(failure == "");
}
