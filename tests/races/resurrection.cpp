// B8: the write-back of an update inserts a session that has been deleted since.
#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

CONCURRENT_CLAIM("an update brings no deleted session back", "[C5][B8]") {
  const World world;
  const SessionId id = world.create("bob");
  bool deleted = false;
  trial.together("an update beside a delete", {[&] {
                                                 for (int i = 0; i < trial.times(1, 5); ++i)
                                                   (void)world->update_session(id, "theme", "dark");
                                               },
                                               [&] { deleted = world->delete_session(id).has_value(); }});
  if (deleted && world->get_session(id))
    return "resurrection: the session was deleted and answers: bob logged out, and an update brought his session back";
  if (deleted && world.rows->fetch(id).value())
    return "resurrection: the row was marked and is live: bob logged out, and the database has his session";
  return holds;
}

// A merge ends its source too, and has moved what the source held. So an update that comes later has to be refused: to
// say "success" is to lose a change, whether or not the session comes back.
CONCURRENT_CLAIM("an update of a merge's source is moved or refused", "[C3][C5][C11][B8]", .rounds = 300) {
  const World world;
  const SessionId from = world.create("guest");
  const SessionId into = world.create("alice");
  bool updated = false;
  trial.together("an update of the source of a merge",
                 {[&] { updated = world->update_session(from, "cart", "1 book").has_value(); },
                  [&] { must(world->merge_sessions(from, into)); }});
  const SessionData data = world->get_session(into).value();
  if (updated && data.metadata.empty())
    return "resurrection: an update of a session that was merged is acknowledged, and alice's session does not have it";
  if (data.metadata.size() != (updated ? 1u : 0u)) return "an update that was refused is in the target";
  if (data.access_count != (updated ? 1u : 0u)) return "the accesses of the source are not in the target";
  if (world->get_session(from)) return "resurrection: the session was merged into alice's and answers";
  return holds;
}
