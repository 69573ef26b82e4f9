// Passes of the cleanup whose purges fail, beside each other and beside those who look.
#include <fmt/format.h>

#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

namespace {

void fail_every_purge(World& world) {
  world.database->before = [](Call call, const SessionId&) -> std::optional<Error> {
    return call == Call::purge ? std::optional(Error::database_failed) : std::nullopt;
  };
}

}  // namespace

CONCURRENT_CLAIM("passes at once keep every row that they can't remove, and count each try", "[C7][C6]",
                 .rounds = 200) {
  World world;
  fail_every_purge(world);
  for (int i = 0; i < 2; ++i) must(world->delete_session(world.create()));
  std::vector<CleanupReport> reports(2);
  trial.together("two passes whose purges fail",
                 {[&] { reports[0] = world->run_cleanup(); }, [&] { reports[1] = world->run_cleanup(); }});
  if (world->get_cleanup_queue_size() != 2)
    return fmt::format("{} of 2 rows are queued", world->get_cleanup_queue_size());
  const std::uint64_t counted = world->get_stats().failed_cleanups;
  const std::size_t tried = reports[0].failed + reports[1].failed;
  if (counted != tried) return fmt::format("{} tries failed, {} are counted", tried, counted);
  return holds;
}

CONCURRENT_CLAIM("a row that is given up is queued until it is a dead letter", "[C7]", .rounds = 200) {
  World world;
  fail_every_purge(world);
  for (int i = 0; i < 2; ++i) must(world->delete_session(world.create()));
  for (std::size_t pass = 1; pass < cleanup_tries_max; ++pass) (void)world->run_cleanup();
  std::size_t queued = 0;
  std::size_t given_up = 0;
  trial.together("the last pass beside a reader of queue and dead letters", {[&] { (void)world->run_cleanup(); },
                                                                             [&] {
                                                                               queued = world->get_cleanup_queue_size();
                                                                               given_up =
                                                                                   world->dead_letters().latest.size();
                                                                             }});
  if (queued + given_up < 2) return fmt::format("{} rows are queued, and then {} are dead letters", queued, given_up);
  if (world->dead_letters().latest.size() != 2) return "a row is not a dead letter";
  if (world->get_cleanup_queue_size() != 0) return "a dead letter is queued";
  return holds;
}

CONCURRENT_CLAIM("passes at once give up each row once", "[C7]", .rounds = 200) {
  World world;
  fail_every_purge(world);
  for (int i = 0; i < 2; ++i) must(world->delete_session(world.create()));
  (void)world->run_cleanup();
  const Body pass = [&] { (void)world->run_cleanup(); };
  trial.together("two passes, the second of them a row's last", {pass, pass});
  (void)world->run_cleanup();
  (void)world->run_cleanup();
  if (world->dead_letters().latest.size() != 2)
    return fmt::format("2 rows are {} dead letters", world->dead_letters().latest.size());
  if (world->get_cleanup_queue_size() != 0) return "a row is queued for ever";
  if (world->get_stats().failed_cleanups != 2 * cleanup_tries_max) return "a row was not tried three times";
  return holds;
}
