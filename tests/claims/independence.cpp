// C12 (a): a thread that is stopped inside the database or the clock stops nobody who works on other sessions.
// Whichever thread that is: an implementation may have one of its own make the call.
#include <fmt/format.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <latch>

#include "tests/support/other_work.hpp"
#include "tests/support/threads.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

namespace {

struct Operation {
  std::string name;
  Call stopped_in;
  std::function<void(const World&, const SessionId&, const SessionId&)> run;
};

const std::vector<Operation>& operations() {
  static const std::vector<Operation> list = {
      {"create_session", Call::save, [](const World& w, auto&, auto&) { (void)w.create(); }},
      {"get_session of a stale copy", Call::fetch, [](const World& w, auto& a, auto&) { (void)w->get_session(a); }},
      {"get_session of an unknown id", Call::fetch,
       [](const World& w, auto&, auto&) { (void)w->get_session(SessionId("00000000-0000-4000-8000-000000000000")); }},
      {"update_session", Call::save, [](const World& w, auto& a, auto&) { (void)w->update_session(a, "k", "v"); }},
      {"increment_access", Call::save, [](const World& w, auto& a, auto&) { (void)w->increment_access(a); }},
      {"set_authenticated", Call::save, [](const World& w, auto& a, auto&) { (void)w->set_authenticated(a, false); }},
      {"delete_session", Call::mark_deleted, [](const World& w, auto& a, auto&) { (void)w->delete_session(a); }},
      {"merge_sessions", Call::merge, [](const World& w, auto& a, auto& b) { (void)w->merge_sessions(a, b); }},
      {"expire_idle", Call::mark_deleted, [](const World& w, auto&, auto&) { (void)w->expire_idle(); }},
      {"run_cleanup", Call::purge, [](const World& w, auto&, auto&) { (void)w->run_cleanup(); }},
  };
  return list;
}

// Sessions may share a lock with those of the operation by chance, for one: by a hash of the id, which is drawn anew
// for each session. The claim can't know which do, and so takes many. Where the lock is one of n, all of these miss it
// with a chance of (1 - 1/n)^1024: 2e-29 for 16, 1e-7 for 64, 2 % for 256. That is of one operation; a run tries all.
constexpr int further_sessions = 1024;

// Every operation there is, on eight sessions and some new ones, and then a get and an update of each of the further
// ones, while another thread stands still.
void work_on_all(const World& world, const std::vector<SessionId>& others, const std::vector<SessionId>& further) {
  work_on(world, others);
  for (const SessionId& id : further) {
    must(world->get_session(id));
    must(world->update_session(id, "theme", "dark"));
  }
}

// Runs `operation`, whose first call of what `hook` puts the stop into does not return, on whichever thread it is made;
// works on other sessions meanwhile, and lets it go. False: there was no such call.
bool check_independence(World& world, const Operation& operation, const std::string& place,
                        const std::function<void(std::function<void()>)>& hook) {
  const SessionId a = world.create("a");
  const SessionId b = world.create("b");
  REQUIRE(world->delete_session(world.create("queued")));
  world.advance(world.settings.idle_timeout + 1ns);  // a sweep has work, and every copy is stale
  std::vector<SessionId> others;
  for (int i = 0; i < 8; ++i) others.push_back(world.create(fmt::format("other {}", i)));
  const bool needs_live = operation.stopped_in != Call::mark_deleted || operation.name == "delete_session";
  const SessionId x = needs_live ? world.create("x") : a;
  const SessionId y = needs_live ? world.create("y") : b;
  if (operation.stopped_in == Call::fetch) {
    world.advance(world.settings.cache_ttl + 1ns);
    for (const SessionId& id : others) REQUIRE(world->get_session(id));
  }
  std::vector<SessionId> further;
  for (int i = 0; i < further_sessions; ++i) further.push_back(world.create());

  // Nobody else works until the operation is stopped or has returned: the first call in between is made for it.
  std::atomic<bool> armed{false};
  std::atomic<bool> stopped{false};
  std::latch begun{1};  // the operation is stopped, or has returned without being
  std::latch let_go{1};
  hook([&] {
    if (!armed.exchange(false)) return;
    stopped = true;
    begun.count_down();
    let_go.wait();
  });
  const std::string claim =
      fmt::format("independence: work on other sessions waits for {} stopped in {}", operation.name, place);
  run_together(claim, {[&] {
                         armed = true;
                         operation.run(world, x, y);
                         if (armed.exchange(false)) begun.count_down();
                       },
                       [&] {
                         begun.wait();
                         work_on_all(world, others, further);
                         let_go.count_down();
                       }});
  return stopped;
}

}  // namespace

TEST_CASE("no call to the database holds up work on other sessions", "[one-thread][C12][no-C12]") {
  for (const Operation& operation : operations()) {
    World world;
    const bool stopped = check_independence(world, operation, "the database", [&](const std::function<void()>& stop) {
      world.database->before = [&operation, stop](Call call, const SessionId&) -> std::optional<Error> {
        if (call == operation.stopped_in) stop();
        return std::nullopt;
      };
    });
    CHECK(stopped);
  }
}

TEST_CASE("no reading of the clock holds up work on other sessions", "[one-thread][C12]") {
  for (const Operation& operation : operations()) {
    World world;
    (void)check_independence(world, operation, "the clock",
                             [&](const std::function<void()>& stop) { world.clock->before_now = stop; });
  }
}
