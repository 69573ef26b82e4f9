// Counts, store and queue while sessions of different ids begin and end.
#include <fmt/format.h>

#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

CONCURRENT_CLAIM("sessions that begin at once are all there, and counted", "[C1][C6]", .rounds = 100) {
  const World world;
  const int creates = trial.times(1, 20);
  std::vector<std::vector<SessionId>> made(2);
  std::vector<Body> bodies;
  for (auto& ids : made) {
    bodies.push_back([&world, &ids, creates] {
      for (int i = 0; i < creates; ++i) ids.push_back(world.create());
    });
  }
  trial.together("creates at once", bodies);
  for (const auto& ids : made) {
    for (const SessionId& id : ids) {
      if (!world->get_session(id)) return "a new session is not found";
    }
  }
  const Stats stats = world->get_stats();
  const auto expected = static_cast<std::uint64_t>(2 * creates);
  if (stats.total_sessions != expected || stats.active_sessions != expected)
    return fmt::format("{} sessions began, {} are counted, {} of them live", expected, stats.total_sessions,
                       stats.active_sessions);
  return holds;
}

CONCURRENT_CLAIM("sessions that end at once are all gone, and their rows queued", "[C5][C6][C7]", .rounds = 300) {
  const World world;
  const SessionId a = world.create("a");
  const SessionId b = world.create("b");
  trial.together("deletes of two sessions",
                 {[&] { must(world->delete_session(a)); }, [&] { must(world->delete_session(b)); }});
  if (world->get_session(a) || world->get_session(b)) return "a deleted session answers";
  if (world->get_active_count() != 0) return fmt::format("{} deleted sessions are counted", world->get_active_count());
  if (world->get_cleanup_queue_size() != 2)
    return fmt::format("{} of 2 rows are queued", world->get_cleanup_queue_size());
  return holds;
}

CONCURRENT_CLAIM("a session is found while others begin and end", "[C12][C6]", .rounds = 300) {
  const World world;
  const SessionId id = world.create("alice");
  const int others = trial.times(1, 20);
  bool found = true;
  trial.together("gets beside other sessions' creates and deletes",
                 {[&] {
                    for (int i = 0; i < others; ++i) must(world->delete_session(world.create("bob")));
                  },
                  [&] {
                    for (int i = 0; i < others; ++i) found &= world->get_session(id).has_value();
                  }});
  if (!found) return "a session was not found while others began and ended";
  return holds;
}
