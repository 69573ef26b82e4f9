// Sweeps beside each other, and beside sessions that begin and end.
#include <fmt/format.h>

#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

CONCURRENT_CLAIM("sweeps at once end each idle session once", "[C10][C6]", .rounds = 300) {
  const World world;
  const int sessions = trial.times(1, 5);
  for (int i = 0; i < sessions; ++i) (void)world.create();
  world.advance(world.settings.idle_timeout + 1ns);
  std::vector<std::size_t> ended(2);
  trial.together("two sweeps", {[&] { ended[0] = world->expire_idle(); }, [&] { ended[1] = world->expire_idle(); }});
  const auto expected = static_cast<std::size_t>(sessions);
  if (ended[0] + ended[1] != expected)
    return fmt::format("{} sessions were ended {} times", expected, ended[0] + ended[1]);
  if (world->get_active_count() != 0) return fmt::format("{} are counted live", world->get_active_count());
  if (world->get_cleanup_queue_size() != expected) return "the rows are not queued once each";
  return holds;
}

CONCURRENT_CLAIM("a sweep beside creates and deletes ends the idle sessions alone", "[C10][C5]", .rounds = 300) {
  const World world;
  (void)world.create("idle");
  world.advance(world.settings.idle_timeout + 1ns);
  const SessionId deleted = world.create("deleted");
  SessionId fresh;
  std::size_t ended = 0;
  trial.together("a sweep beside a create and a delete", {[&] { ended = world->expire_idle(); },
                                                          [&] {
                                                            must(world->delete_session(deleted));
                                                            fresh = world.create("fresh");
                                                          }});
  if (ended != 1) return fmt::format("{} sessions were swept, one was idle", ended);
  if (world->get_active_count() != 1)
    return fmt::format("{} sessions are counted, one is live", world->get_active_count());
  if (!world->get_session(fresh)) return "the new session is gone";
  return holds;
}

CONCURRENT_CLAIM("a session that is deleted beside a sweep ends once", "[C10][C5][C6]", .rounds = 300) {
  const World world;
  const SessionId id = world.create();
  world.advance(world.settings.idle_timeout);
  bool deleted = false;
  std::size_t ended = 0;
  trial.together("a delete in time beside a sweep", {[&] { deleted = world->delete_session(id).has_value(); },
                                                     [&] {
                                                       world.advance(1ns);
                                                       ended = world->expire_idle();
                                                     }});
  if ((deleted ? 1 : 0) + ended != 1) return "one session ended twice, or never";
  if (world->get_active_count() != 0) return fmt::format("{} are counted live", world->get_active_count());
  if (world->get_cleanup_queue_size() != 1) return "the row is not queued once";
  return holds;
}
