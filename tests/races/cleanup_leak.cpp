// B4, and what of C7 only threads can break.
#include <fmt/format.h>

#include <map>
#include <mutex>

#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

CONCURRENT_CLAIM("passes that run at once never try one row at once, and lose none", "[C7]", .rounds = 30) {
  World world;
  std::mutex mutex;
  std::map<SessionId, int> in_hand;
  bool twice_at_once = false;
  for (int i = 0; i < trial.times(2, 40); ++i) must(world->delete_session(world.create()));
  world.database->before = [&](Call call, const SessionId& id) -> std::optional<Error> {
    if (call != Call::purge) return std::nullopt;
    const std::lock_guard lock(mutex);
    twice_at_once |= ++in_hand[id] > 1;
    return std::nullopt;
  };
  world.database->after = [&](Call call, const SessionId& id) {
    if (call != Call::purge) return;
    const std::lock_guard lock(mutex);
    --in_hand[id];
  };
  const Body pass = [&] { (void)world->run_cleanup(); };
  trial.together("two passes at once", {pass, pass});
  if (twice_at_once) return "two passes tried one row at once";
  if (world->get_cleanup_queue_size() != 0) return "rows stayed queued though their purge succeeded";
  if (!world.rows->load().value().marked.empty()) return "rows were forgotten";
  return holds;
}

CONCURRENT_CLAIM("deletes and passes at once leave no row queued for ever", "[C7][B4]", .rounds = 1) {
  World world;
  world.database->before = [&](Call call, const SessionId& id) -> std::optional<Error> {
    // Every other row with real threads; explored, all there are.
    if (call == Call::purge && (trial.explored() || id.str().back() % 2 != 0)) return Error::database_failed;
    return std::nullopt;
  };
  std::vector<Body> bodies(static_cast<std::size_t>(trial.times(1, 2)), [&] {
    for (int i = 0; i < trial.times(1, 150); ++i) (void)world->delete_session(world.create());
  });
  bodies.push_back([&] {
    for (int i = 0; i < trial.times(1, 10); ++i) (void)world->run_cleanup();
  });
  trial.together("deletes beside passes", bodies);
  for (int pass = 0; pass < 3; ++pass) (void)world->run_cleanup();
  if (const std::size_t queued = world->get_cleanup_queue_size(); queued != 0)
    return fmt::format("cleanup leak: rows that can't be removed stay queued: {} after three more passes", queued);
  if (world->dead_letters().latest.size() != world.rows->load().value().marked.size())
    return "rows are neither removed nor among the dead letters";
  return holds;
}
