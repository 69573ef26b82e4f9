// Sessions that the store does not have yet: two callers that want one row at the same time.
#include <fmt/format.h>

#include <atomic>

#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

namespace {

// A session of another process over the same database.
SessionId row_of_another_process(const World& world) {
  Row row;
  row.data.session_id = SessionId("00000000-0000-4000-8000-00000000000a");
  row.data.user_id = "42";
  row.data.username = "bob";
  row.data.last_activity = world.clock->manual.now().wall;
  row.version = 1;
  must(world.rows->save(row, 0));
  return row.data.session_id;
}

// Of two callers that want the same row the first to fetch meets an error. That is its own misfortune: the other must
// not take the session for one that does not exist.
using Operation = std::function<std::optional<Error>(const World&, const SessionId& row, const SessionId& live)>;

Broken beside_a_failed_load(Trial& trial, const Operation& operation) {
  World world;
  const SessionId id = row_of_another_process(world);
  const SessionId live = world.create();
  std::atomic<bool> has_failed{false};
  world.database->before = [&](Call call, const SessionId&) -> std::optional<Error> {
    if (call != Call::fetch || has_failed.exchange(true)) return std::nullopt;
    return Error::database_unavailable;
  };
  std::optional<Error> error;
  trial.together("an operation on a row that another caller fails to load",
                 {[&] { (void)world->get_session(id); }, [&] { error = operation(world, id, live); }});
  if (error && *error != Error::database_unavailable)
    return fmt::format("a session that another caller failed to load is {}", to_string(*error));
  return holds;
}

template <class T>
std::optional<Error> error_of(const Result<T>& result) {
  return result ? std::nullopt : std::optional(result.error());
}

}  // namespace

CONCURRENT_CLAIM("two callers that load one row get one session", "[C3][C6][C15]", .rounds = 300) {
  const World world;
  const SessionId id = row_of_another_process(world);
  trial.together("two updates of a row that is not loaded", {[&] { must(world->update_session(id, "a", "x")); },
                                                             [&] { must(world->update_session(id, "b", "x")); }});
  const SessionData data = world->get_session(id).value();
  if (data.metadata.size() != 2) return "one row was two sessions: an update is lost";
  if (data.access_count != 2) return "one row was two sessions: the count is not 2";
  if (world->get_stats().total_sessions != 1) return "one row is counted twice";
  if (world.rows->fetch(id).value()->data.metadata != data.metadata) return "the row is not the session";
  return holds;
}

CONCURRENT_CLAIM("two callers that look for an id of nothing find nothing", "[C2][C6]", .rounds = 300) {
  const World world;
  const SessionId nothing("00000000-0000-4000-8000-000000000000");
  std::atomic<int> found{0};
  const Body look = [&] { found += world->get_session(nothing).has_value() ? 1 : 0; };
  trial.together("two gets of an id of nothing", {look, look});
  if (found != 0) return "an id of nothing was found";
  const Stats stats = world->get_stats();
  if (stats.cache_misses != 2 || stats.cache_hits != 0) return "two gets of nothing are not two misses";
  if (stats.total_sessions != 0) return "nothing is counted";
  return holds;
}

CONCURRENT_CLAIM("a load beside a delete of the same row revives nothing", "[C5][C6]", .rounds = 300) {
  const World world;
  const SessionId id = row_of_another_process(world);
  bool deleted = false;
  trial.together("a load beside a delete",
                 {[&] { (void)world->get_session(id); }, [&] { deleted = world->delete_session(id).has_value(); }});
  if (!deleted) return "a live session could not be deleted";
  if (world->get_session(id)) return "the deleted session answers";
  if (world->get_active_count() != 0) return "the deleted session is counted";
  if (world->get_cleanup_queue_size() != 1) return "its row is not queued once";
  return holds;
}

CONCURRENT_CLAIM("a load that fails for one caller does not hide the session from an update", "[C2][C3]",
                 .rounds = 300) {
  return beside_a_failed_load(trial, [](const World& world, const SessionId& row, const SessionId&) {
    return error_of(world->update_session(row, "a", "x"));
  });
}

CONCURRENT_CLAIM("a load that fails for one caller does not hide the source of a merge", "[C2][C11]", .rounds = 300) {
  return beside_a_failed_load(trial, [](const World& world, const SessionId& row, const SessionId& live) {
    return error_of(world->merge_sessions(row, live));
  });
}

CONCURRENT_CLAIM("a load that fails for one caller does not hide the target of a merge", "[C2][C11]", .rounds = 300) {
  return beside_a_failed_load(trial, [](const World& world, const SessionId& row, const SessionId& live) {
    return error_of(world->merge_sessions(live, row));
  });
}
