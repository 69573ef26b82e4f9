// What a reader gets while others write or read the same session.
#include <fmt/format.h>

#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

CONCURRENT_CLAIM("a get beside updates returns one state, never a mix", "[C2]", .rounds = 200) {
  const World world;
  const SessionId id = world.create();
  const int updates = trial.times(1, 20);
  Broken broken;
  trial.together("gets beside updates", {[&] {
                                           for (int i = 0; i < updates; ++i)
                                             must(world->update_session(id, fmt::format("key {}", i), "x"));
                                         },
                                         [&] {
                                           for (int i = 0; i < updates; ++i) {
                                             const SessionData data = world->get_session(id).value();
                                             if (data.access_count != data.metadata.size())
                                               broken = fmt::format("{} keys after {} updates", data.metadata.size(),
                                                                    data.access_count);
                                           }
                                         }});
  return broken;
}

CONCURRENT_CLAIM("of two gets of a stale copy one fetches", "[C8][C2]", .rounds = 300) {
  const World world;
  const SessionId id = world.create();
  world.advance(world.settings.cache_ttl + 1ns);
  const Body get = [&] { must(world->get_session(id)); };
  trial.together("two gets of a stale copy", {get, get});
  const Stats stats = world->get_stats();
  if (world.database->calls(Call::fetch) != 1) return fmt::format("{} fetches", world.database->calls(Call::fetch));
  if (stats.cache_hits != 1 || stats.cache_misses != 1)
    return fmt::format("{} hits and {} misses", stats.cache_hits, stats.cache_misses);
  return holds;
}

CONCURRENT_CLAIM("a refresh beside a delete revives nothing", "[C8][C5][C6]", .rounds = 300) {
  const World world;
  const SessionId id = world.create();
  world.advance(world.settings.cache_ttl + 1ns);
  trial.together("a delete of a session that is being refreshed",
                 {[&] { (void)world->get_session(id); }, [&] { must(world->delete_session(id)); }});
  if (world->get_session(id)) return "the deleted session answers";
  if (world->get_active_count() != 0) return fmt::format("{} are counted live", world->get_active_count());
  return holds;
}
