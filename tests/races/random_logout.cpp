// B7: checked under one lock, acted upon under a later one.
#include <fmt/format.h>

#include <thread>

#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

// Each of these sessions has been idle for 20 minutes, and so the sweep 15 minutes later finds it idle for more
// than the time-out of 30, unless it has been used just before: then for 15 only, and it must stay.
CONCURRENT_CLAIM("a sweep removes no session that was used in time", "[C10][B7]", .rounds = 300) {
  const World world;
  std::vector<SessionId> ids;
  for (int i = 0; i < trial.times(1, 100); ++i) ids.push_back(world.create());
  world.advance(20min);
  std::vector<char> used(ids.size(), 0);
  unsigned seed = static_cast<unsigned>(trial.round());
  trial.together("a sweep beside its sessions' users", {[&] {
                                                          for (std::size_t i = 0; i < ids.size(); ++i)
                                                            used[i] = world->get_session(ids[i]).has_value();
                                                        },
                                                        [&] {
                                                          if (!trial.explored()) jitter(seed, 20'000);
                                                          world.advance(15min);
                                                          (void)world->expire_idle();
                                                        }});
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (used[i] && !world->get_session(ids[i]))
      return "random logout: a session was used in time and swept: alice is logged out, 15 minutes after her last use";
  }
  return holds;
}

CONCURRENT_CLAIM("a get that finds nothing counts a miss and no hit", "[C2][C6][B7]", .rounds = 500) {
  const World world;
  const SessionId id = world.create();
  std::uint64_t found = 0;
  std::uint64_t missed = 0;
  std::uint64_t earlier = 0;
  trial.together("a delete beside gets", {[&] {
                                            // With real threads it would make the meeting rarer.
                                            if (trial.explored()) earlier = world->get_stats().cache_hits;
                                            (void)world->delete_session(id);
                                          },
                                          [&] {
                                            do {
                                              ++(world->get_session(id) ? found : missed);
                                              if (!trial.explored()) std::this_thread::yield();
                                            } while (missed == 0 && !trial.explored());
                                          }});
  const Stats stats = world->get_stats();
  if (stats.cache_hits != found || stats.cache_misses > missed + found) {
    return fmt::format("random logout: {} gets found the session, {} hits were counted: alice was told that it is gone",
                       found, stats.cache_hits);
  }
  if (stats.cache_hits < earlier)
    return fmt::format("random logout: {} hits were counted, and later {}: a hit was counted and taken back", earlier,
                       stats.cache_hits);
  return holds;
}
