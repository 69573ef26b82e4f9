// B5: store, counts and queue change one after the other, and others look in between.
#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

namespace {

constexpr const char* stats_second = "get_active_count(), then get_stats()";
constexpr const char* stats_first = "get_stats(), then get_active_count()";

}  // namespace

// Each claim asks one call, then the other, then the first again: whichever of the store and the counts is changed
// first, one of the two steps meets it half-way.
CONCURRENT_CLAIM("while sessions only end, no later count is greater than an earlier one", "[C6][B5]", .rounds = 200) {
  const World world;
  std::vector<SessionId> ids;
  for (int i = 0; i < trial.times(1, 50); ++i) ids.push_back(world.create());
  std::atomic<bool> done{false};
  Broken broken;
  const auto compare = [&](std::uint64_t earlier, std::uint64_t later, const char* calls) {
    if (later > earlier)
      broken = fmt::format("phantom session: {} sessions are live, then {}, and nobody logged in ({})", earlier, later,
                           calls);
  };
  trial.together("counts beside deletes", {[&] {
                                             for (const SessionId& id : ids) (void)world->delete_session(id);
                                             done = true;
                                           },
                                           [&] {
                                             do {
                                               const std::uint64_t first = world->get_active_count();
                                               const std::uint64_t second = world->get_stats().active_sessions;
                                               compare(first, second, stats_second);
                                               compare(second, world->get_active_count(), stats_first);
                                             } while (!trial.explored() && !done && !broken);
                                           }});
  return broken;
}

CONCURRENT_CLAIM("while sessions only begin, no later count is smaller, and as many are live as ever were",
                 "[C1][C6][B5]", .rounds = 200) {
  const World world;
  const int creates = trial.times(1, 20);
  std::atomic<bool> done{false};
  Broken broken;
  const auto compare = [&](std::uint64_t earlier, std::uint64_t later, const char* calls) {
    if (later < earlier)
      broken = fmt::format("phantom session: {} sessions are live, then {}, and nobody logged out ({})", earlier, later,
                           calls);
  };
  trial.together("counts beside creates",
                 {[&] {
                    for (int i = 0; i < creates; ++i) (void)world.create();
                    done = true;
                  },
                  [&] {
                    do {
                      const std::uint64_t first = world->get_active_count();
                      const Stats stats = world->get_stats();
                      compare(first, stats.active_sessions, stats_second);
                      compare(stats.active_sessions, world->get_active_count(), stats_first);
                      if (stats.total_sessions != stats.active_sessions)
                        broken = fmt::format("phantom session: {} sessions have begun, none has ended, and {} are live",
                                             stats.total_sessions, stats.active_sessions);
                    } while (!trial.explored() && !done && !broken);
                  }});
  return broken;
}

CONCURRENT_CLAIM("a session that a reader finds gone is no longer counted", "[C5][C6][B5]", .rounds = 500) {
  const World world;
  const SessionId id = world.create("bob");
  Broken broken;
  trial.together("a delete beside a reader", {[&] { (void)world->delete_session(id); },
                                              [&] {
                                                bool gone = false;
                                                do {
                                                  gone = !world->get_session(id);
                                                  if (!gone) std::this_thread::yield();
                                                } while (!gone && !trial.explored());
                                                if (gone && world->get_stats().active_sessions != 0)
                                                  broken =
                                                      "phantom session: it is gone and still counted: bob's session "
                                                      "is not found, and the statistics have it as active";
                                              }});
  return broken;
}
