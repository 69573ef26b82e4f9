// No bug in particular: every operation at once on a few sessions, and what must hold when all is quiet again.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/rounds.hpp"
#include "tests/support/threads.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

TEST_CASE("whatever ran at once, counts, store and rows agree when all is quiet",
          "[concurrent][stress][C6][C15][all-bugs]") {
  const std::string failure = first_broken_round(10, [&](int round) -> std::optional<std::string> {
    const World world;
    std::vector<SessionId> ids;
    for (int i = 0; i < 8; ++i) ids.push_back(world.create());
    std::vector<Body> bodies;
    for (unsigned thread = 0; thread < 3; ++thread) {
      bodies.push_back([&, thread] {
        unsigned seed = static_cast<unsigned>(round) * 16 + thread;
        const auto draw = [&seed](std::size_t below) {
          jitter(seed, 0);
          return (seed >> 16) % below;
        };
        for (int i = 0; i < 200; ++i) {
          const SessionId& id = ids[draw(ids.size())];
          switch (draw(9)) {
            case 0:
              (void)world->get_session(id);
              break;
            case 1:
              (void)world->update_session(id, fmt::format("{}/{}", thread, i), "x");
              break;
            case 2:
              (void)world->increment_access(id);
              break;
            case 3:
              (void)world->set_authenticated(id, i % 2 == 0);
              break;
            case 4:
              if (draw(20) == 0) (void)world->delete_session(id);
              break;
            case 5:
              if (draw(20) == 0) (void)world->merge_sessions(id, ids[draw(ids.size())]);
              break;
            case 6:
              world.advance(30s);
              break;
            case 7:
              (void)world->expire_idle();
              break;
            default:
              (void)world->run_cleanup();
              break;
          }
        }
      });
    }
    run_together("every operation at once", bodies);

    const Database::Contents rows = world.rows->load().value();
    const Stats stats = world->get_stats();
    if (stats.active_sessions != world->get_active_count()) return "the two counts differ";
    if (rows.live.size() != stats.active_sessions) return "the rows are not the sessions";
    if (rows.marked.size() != world->get_cleanup_queue_size()) return "a marked row is not queued";
    for (const Row& row : rows.live) {
      const auto data = world->get_session(row.data.session_id);
      if (data && data->metadata != row.data.metadata) return "a session's metadata is not its row's";
      if (data && data->access_count != row.data.access_count) return "a session's count is not its row's";
    }
    return std::nullopt;
  });
  CHECK(failure == "");
}
