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
