// B6: plain integers, counted under no common lock.
#include <fmt/format.h>

#include <atomic>

#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

CONCURRENT_CLAIM("every get counts one hit or one miss", "[C2][C6][B6]", .rounds = 40) {
  const int threads = trial.times(2, 4);
  const int gets = trial.times(2, 500);
  const World world;
  const SessionId id = world.create();
  const SessionId nothing("00000000-0000-4000-8000-000000000000");
  std::vector<Body> bodies(static_cast<std::size_t>(threads), [&] {
    for (int i = 0; i < gets; ++i) (void)world->get_session(i % 2 == 0 ? id : nothing);
  });
  trial.together("gets at once", bodies);
  const Stats stats = world->get_stats();
  const auto expected = static_cast<std::uint64_t>(threads * gets / 2);
  if (stats.cache_hits != expected)
    return fmt::format("torn statistics: {} hits of {} are counted, and alice was found each time", stats.cache_hits,
                       expected);
  if (stats.cache_misses != expected)
    return fmt::format("torn statistics: {} misses of {} are counted, of an id that nobody has", stats.cache_misses,
                       expected);
  return holds;
}

CONCURRENT_CLAIM("failed cleanups are counted one by one while others read them", "[C6][B6]", .rounds = 1) {
  const int rows = trial.times(2, 40);
  World world;
  world.database->before = [](Call call, const SessionId&) -> std::optional<Error> {
    return call == Call::purge ? std::optional(Error::database_failed) : std::nullopt;
  };
  for (int i = 0; i < rows; ++i) must(world->delete_session(world.create()));
  std::atomic<bool> done{false};
  bool went_back = false;
  trial.together("a pass beside a reader of its count", {[&] {
                                                           (void)world->run_cleanup();
                                                           done = true;
                                                         },
                                                         [&] {
                                                           std::uint64_t last = 0;
                                                           int looks = 0;
                                                           do {
                                                             const std::uint64_t now =
                                                                 world->get_stats().failed_cleanups;
                                                             went_back |= now < last;
                                                             last = now;
                                                           } while (trial.explored() ? ++looks < 2 : !done);
                                                         }});
  if (went_back) return "torn statistics: the number of failed removals went back";
  const std::uint64_t counted = world->get_stats().failed_cleanups;
  if (counted != static_cast<std::uint64_t>(rows))
    return fmt::format("torn statistics: {} of {} failed removals are counted", counted, rows);
  return holds;
}
