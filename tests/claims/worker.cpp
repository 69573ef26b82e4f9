// C13 and C14: the worker, the process-wide instance.
#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "tests/support/threads.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

namespace {

void await_waiting(const World& world) {
  while (world.clock->manual.sleepers() == 0) std::this_thread::yield();
}

}  // namespace

TEST_CASE("the worker makes a pass each time its interval has passed", "[one-thread][C13]") {
  World world;
  (void)world.create();
  REQUIRE(world->delete_session(world.create()));
  const auto worker = make_cleanup_worker(*world.manager, 300s);
  run_elsewhere("start() and a pass", [&] {
    worker->start();
    await_waiting(world);
    world.advance(300s - 1ns);
    await_waiting(world);
    world.advance(1ns);
    while (world->get_cleanup_queue_size() != 0) std::this_thread::yield();
    await_waiting(world);
    world.advance(world.settings.idle_timeout);
    while (world->get_active_count() != 0) std::this_thread::yield();
  });
  worker->stop();
  CHECK(world.rows->load().value().live.empty());
}

TEST_CASE("stop is no work for a worker that is not running, and start none for one that is", "[one-thread][C13]") {
  const World world;
  const auto worker = make_cleanup_worker(*world.manager, 300s);
  worker->stop();
  worker->start();
  worker->start();
  run_elsewhere("the worker's first wait", [&] { await_waiting(world); });
  CHECK(world.clock->manual.waiters() == 1);
  run_elsewhere("stop() of a worker that waits", [&] { worker->stop(); });
  worker->stop();
  CHECK(world.clock->manual.waiters() == 0);
}

TEST_CASE("a worker that was stopped makes no pass, and can be started again", "[one-thread][C13]") {
  const World world;
  REQUIRE(world->delete_session(world.create()));
  const auto worker = make_cleanup_worker(*world.manager, 300s);
  run_elsewhere("start() and stop()", [&] {
    worker->start();
    await_waiting(world);
    worker->stop();
  });
  world.advance(1h);
  CHECK(world->get_cleanup_queue_size() == 1);
  run_elsewhere("the second start() and its pass", [&] {
    worker->start();
    await_waiting(world);
    world.advance(300s);
    while (world->get_cleanup_queue_size() != 0) std::this_thread::yield();
    await_waiting(world);
    worker->stop();
  });
  CHECK(world->get_cleanup_queue_size() == 0);
}

TEST_CASE("stop returns only after the pass under way has ended", "[one-thread][C13]") {
  World world;
  REQUIRE(world->delete_session(world.create()));
  std::atomic<bool> in_pass{false};
  std::atomic<bool> let_go{false};
  std::atomic<bool> stopped{false};
  bool stopped_during_the_pass = true;
  world.database->before = [&](Call call, const SessionId&) -> std::optional<Error> {
    if (call != Call::purge) return std::nullopt;
    in_pass = true;
    while (!let_go) std::this_thread::yield();
    stopped_during_the_pass = stopped;
    return std::nullopt;
  };
  const auto worker = make_cleanup_worker(*world.manager, 300s);
  run_together("stop() during a pass", {[&] {
                                          worker->start();
                                          await_waiting(world);
                                          world.advance(300s);
                                          while (!in_pass) std::this_thread::yield();
                                          worker->stop();
                                          stopped = true;
                                        },
                                        [&] {
                                          while (!in_pass) std::this_thread::yield();
                                          for (int i = 0; i < 1000; ++i) std::this_thread::yield();
                                          let_go = true;
                                        }});
  CHECK_FALSE(stopped_during_the_pass);
  CHECK(world->get_cleanup_queue_size() == 0);
}

TEST_CASE("the destructor stops a running worker", "[one-thread][C13]") {
  const World world;
  auto worker = make_cleanup_worker(*world.manager, 300s);
  run_elsewhere("the destructor of a running worker", [&] {
    worker->start();
    await_waiting(world);
    worker.reset();
  });
  CHECK(world.clock->manual.waiters() == 0);
}

TEST_CASE("the process-wide instance is one and works", "[one-thread][C14]") {
  SessionManager& instance = process_instance();
  CHECK(&instance == &process_instance());
  const SessionId id = instance.create_session("42", "alice").value();
  CHECK(process_instance().get_session(id).value().username == "alice");
}
