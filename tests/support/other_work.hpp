// Work on sessions that C12 lets nobody hold up: each operation on one session or two, and each that looks at all.
#pragma once

#include <vector>

#include "tests/support/world.hpp"

namespace lab::test {

inline void work_on(const World& world, const std::vector<SessionId>& others) {
  for (const SessionId& id : others) {
    must(world->get_session(id));
    must(world->update_session(id, "theme", "dark"));
    must(world->increment_access(id));
    must(world->set_authenticated(id, false));
    must(world->merge_sessions(world.create("fresh"), id));
    must(world->delete_session(world.create("short-lived")));
    (void)world->get_stats();
    (void)world->get_active_count();
    (void)world->get_cleanup_queue_size();
  }
}

}  // namespace lab::test
