// B5: store, counts and queue change one after the other, and others look in between.
#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

CONCURRENT_CLAIM("while sessions only end, no later count is greater than an earlier one", "[C6][B5]", .rounds = 200) {
  const World world;
  std::vector<SessionId> ids;
  for (int i = 0; i < trial.times(1, 50); ++i) ids.push_back(world.create());
  std::atomic<bool> done{false};
  Broken broken;
  trial.together("counts beside deletes",
                 {[&] {
                    for (const SessionId& id : ids) (void)world->delete_session(id);
                    done = true;
                  },
                  [&] {
                    do {
                      const std::uint64_t count = world->get_active_count();
                      const std::uint64_t later = world->get_stats().active_sessions;
                      if (later > count)
                        broken = fmt::format("phantom session: {} sessions are live, then {}, and nobody logged in",
                                             count, later);
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
