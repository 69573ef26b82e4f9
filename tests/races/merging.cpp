// Merges beside other work on either end.
#include <fmt/format.h>

#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

CONCURRENT_CLAIM("an update of a merge's target is kept", "[C11][C3]", .rounds = 300) {
  const World world;
  const SessionId from = world.create("from");
  const SessionId into = world.create("into");
  must(world->update_session(from, "moved", "x"));
  trial.together("an update of the target of a merge", {[&] { must(world->merge_sessions(from, into)); },
                                                        [&] { must(world->update_session(into, "key", "value")); }});
  const SessionData data = world->get_session(into).value();
  if (data.metadata.size() != 2) return fmt::format("{} of 2 keys are in the target", data.metadata.size());
  if (data.access_count != 2) return fmt::format("{} of 2 accesses are in the target", data.access_count);
  if (world.rows->fetch(into).value()->data.metadata != data.metadata) return "the row is not the session";
  return holds;
}

CONCURRENT_CLAIM("a delete of a merge's source leaves it ended once", "[C11][C5][C6]", .rounds = 300) {
  const World world;
  const SessionId from = world.create("from");
  const SessionId into = world.create("into");
  bool merged = false;
  bool deleted = false;
  trial.together("a delete of the source of a merge", {[&] { merged = world->merge_sessions(from, into).has_value(); },
                                                       [&] { deleted = world->delete_session(from).has_value(); }});
  if (merged == deleted) return "the source was both merged and deleted, or neither";
  if (world->get_active_count() != 1)
    return fmt::format("{} sessions are counted, one is live", world->get_active_count());
  if (world->get_cleanup_queue_size() != 1) return "the row of the source is not queued once";
  return holds;
}

CONCURRENT_CLAIM("a delete of a merge's target ends it, and the source only if it was moved", "[C11][C5][C6]",
                 .rounds = 300) {
  const World world;
  const SessionId from = world.create("from");
  const SessionId into = world.create("into");
  bool merged = false;
  trial.together("a delete of the target of a merge", {[&] { merged = world->merge_sessions(from, into).has_value(); },
                                                       [&] { must(world->delete_session(into)); }});
  if (world->get_session(into)) return "the deleted target answers";
  if (world->get_session(from).has_value() == merged)
    return "the source answers though it was moved, or is gone for nothing";
  if (world->get_active_count() != (merged ? 0u : 1u)) return "the count is not the truth";
  return holds;
}

CONCURRENT_CLAIM("a session merges into one of two targets", "[C11]", .rounds = 300) {
  const World world;
  const SessionId from = world.create("from");
  const SessionId a = world.create("a");
  const SessionId b = world.create("b");
  must(world->update_session(from, "key", "value"));
  bool into_a = false;
  bool into_b = false;
  trial.together("two merges of one source", {[&] { into_a = world->merge_sessions(from, a).has_value(); },
                                              [&] { into_b = world->merge_sessions(from, b).has_value(); }});
  if (into_a == into_b) return "both merges say the same";
  const std::size_t in_a = world->get_session(a).value().metadata.size();
  const std::size_t in_b = world->get_session(b).value().metadata.size();
  if (in_a + in_b != 1 || (in_a == 1) != into_a) return "the metadata is not in the target that got it";
  return holds;
}
