// B2: the lock that found the session is gone while it is counted.
#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

CONCURRENT_CLAIM("no two increments return the same number, and the last is their number", "[C4][B2]", .rounds = 20) {
  const int increments = trial.times(1, 50);
  const World world;
  const SessionId id = world.create();
  std::vector<std::vector<std::uint64_t>> got(static_cast<std::size_t>(trial.times(2, 4)));
  std::vector<Body> bodies;
  for (auto& counts : got) {
    bodies.push_back([&world, &id, &counts, increments] {
      for (int i = 0; i < increments; ++i) counts.push_back(world->increment_access(id).value());
    });
  }
  trial.together("concurrent increments of one session", bodies);
  std::vector<std::uint64_t> all;
  for (const auto& counts : got) all.insert(all.end(), counts.begin(), counts.end());
  std::sort(all.begin(), all.end());
  const auto twice = std::adjacent_find(all.begin(), all.end());
  if (twice != all.end())
    return fmt::format("lost increment: two callers got {}: two of alice's clicks have one number", *twice);
  const std::uint64_t count = world->get_session(id).value().access_count;
  if (count != all.size())
    return fmt::format("lost increment: {} of {} clicks of alice's are counted", count, all.size());
  return holds;
}

// With real threads only a sanitizer can see it fail, and hardly ever: the delete has to end between an unlock and the
// next read. The explorer sees it every time.
CONCURRENT_CLAIM("an increment beside a delete touches no memory that the delete frees", "[C4][C5][B2]") {
  const World world;
  const SessionId id = world.create("bob");
  trial.together("increments beside a delete", {[&] {
                                                  while (world->increment_access(id) && !trial.explored())
                                                    std::this_thread::yield();
                                                },
                                                [&] { (void)world->delete_session(id); }});
  if (world->get_active_count() != 0) return "the deleted session is still counted: bob has logged out";
  return holds;
}
