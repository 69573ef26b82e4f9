// B9: two merges in opposite directions, each with the lock that the other wants.
#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

CONCURRENT_CLAIM("merges in opposite directions finish, and one of them wins", "[C11][B9]") {
  const World world;
  const SessionId a = world.create("a");
  const SessionId b = world.create("b");
  (void)world->update_session(a, "from a", "x");
  (void)world->update_session(b, "from b", "x");
  bool into_b = false;
  bool into_a = false;
  trial.together("deadlock: merges in opposite directions wait for each other",
                 {[&] { into_b = world->merge_sessions(a, b).has_value(); },
                  [&] { into_a = world->merge_sessions(b, a).has_value(); }});
  if (into_a == into_b) {
    return into_a ? "lost merge: both merges of alice's two sessions say that they are done"
                  : "lost merge: neither merge of alice's two sessions is done";
  }
  if (world->get_session(into_a ? a : b).value().metadata.size() != 2)
    return "lost merge: the session that is left lacks the other one's keys";
  if (world->get_session(into_a ? b : a)) return "lost merge: the session that was merged away still answers";
  return holds;
}

CONCURRENT_CLAIM("merges round a ring of three finish", "[C11][B9]") {
  const World world;
  const SessionId a = world.create("a");
  const SessionId b = world.create("b");
  const SessionId c = world.create("c");
  trial.together("deadlock: merges round a ring wait for each other",
                 {[&] { (void)world->merge_sessions(a, b); }, [&] { (void)world->merge_sessions(b, c); },
                  [&] { (void)world->merge_sessions(c, a); }});
  if (world->get_active_count() == 0) return "lost merge: all of alice's sessions are gone";
  return holds;
}
