// B5: store, counts and queue change one after the other, and others look in between.
#include <fmt/format.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "tests/support/threads.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

TEST_CASE("while sessions only end, no later count is greater than an earlier one", "[concurrent][C6][B5]") {
  const std::string failure = first_broken_round(200, [&](int) -> std::optional<std::string> {
    const World world;
    std::vector<SessionId> ids;
    for (int i = 0; i < 50; ++i) ids.push_back(world.create());
    std::atomic<bool> done{false};
    std::optional<std::string> broken;
    run_together("counts beside deletes", {[&] {
                                             for (const SessionId& id : ids) (void)world->delete_session(id);
                                             done = true;
                                           },
                                           [&] {
                                             while (!done && !broken) {
                                               const std::uint64_t count = world->get_active_count();
                                               const std::uint64_t later = world->get_stats().active_sessions;
                                               if (later > count) {
                                                 broken = fmt::format("phantom session: {} sessions are live, then {}",
                                                                      count, later);
                                               }
                                             }
                                           }});
    return broken;
  });
  CHECK(failure == "");
}

TEST_CASE("a session that a reader finds gone is no longer counted", "[concurrent][C5][C6][B5]") {
  const std::string failure = first_broken_round(500, [&](int) -> std::optional<std::string> {
    const World world;
    const SessionId id = world.create();
    std::optional<std::string> broken;
    run_together("a delete beside a reader", {[&] { (void)world->delete_session(id); },
                                              [&] {
                                                while (world->get_session(id)) std::this_thread::yield();
                                                if (world->get_stats().active_sessions != 0) {
                                                  broken = "phantom session: it is gone and still counted";
                                                }
                                              }});
    return broken;
  });
  CHECK(failure == "");
}
