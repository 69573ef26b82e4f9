// C15: durability.
#include <catch2/catch_test_macros.hpp>

#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

TEST_CASE("a failed write returns its error and changes nothing", "[one-thread][C15]") {
  World world;
  const SessionId a = world.create("a");
  const SessionId b = world.create("b");
  REQUIRE(world->update_session(a, "theme", "dark"));
  const Row row_a = world.rows->fetch(a).value().value();
  const Row row_b = world.rows->fetch(b).value().value();
  const Stats stats = world->get_stats();

  for (const Error error : {Error::database_unavailable, Error::database_busy, Error::database_failed}) {
    world.database->before = [&](Call, const SessionId&) { return std::optional(error); };
    CHECK(world->create_session("42", "carol").error() == error);
    CHECK(world->update_session(a, "theme", "light").error() == error);
    CHECK(world->increment_access(a).error() == error);
    CHECK(world->set_authenticated(a, false).error() == error);
    CHECK(world->merge_sessions(a, b).error() == error);
    CHECK(world->delete_session(a).error() == error);
    world.database->before = nullptr;
    CHECK(world->get_stats() == stats);
    CHECK(world->get_active_count() == 2);
    CHECK(world->get_cleanup_queue_size() == 0);
    CHECK(world.rows->fetch(a).value().value() == row_a);
    CHECK(world.rows->fetch(b).value().value() == row_b);
    CHECK(world.restarted()->get_session(a).value() == row_a.data);
  }
  CHECK(world->get_session(a).value() == row_a.data);
  CHECK(world->get_session(b).value() == row_b.data);
  CHECK(world->increment_access(a).value() == 2);
}

TEST_CASE("a restart has every acknowledged change and no ended session", "[one-thread][C15]") {
  const World world;
  const SessionId kept = world.create("kept");
  const SessionId deleted = world.create("deleted");
  const SessionId merged = world.create("merged");
  REQUIRE(world->update_session(merged, "cart", "3 books"));
  REQUIRE(world->merge_sessions(merged, kept));
  REQUIRE(world->increment_access(kept));
  REQUIRE(world->delete_session(deleted));

  const auto second = world.restarted();
  CHECK(second->get_active_count() == 1);
  CHECK(second->get_session(kept).value() == world->get_session(kept).value());
  CHECK(second->get_session(deleted).error() == Error::not_found);
  CHECK(second->get_session(merged).error() == Error::not_found);
}

TEST_CASE("a restart queues the marked rows again", "[one-thread][C15]") {
  const World world;
  for (int i = 0; i < 10; ++i) REQUIRE(world->delete_session(world.create()));
  const auto second = world.restarted();
  CHECK(second->get_cleanup_queue_size() == 10);
  CHECK(second->get_active_count() == 0);
  CHECK(second->run_cleanup() == CleanupReport{10, 10, 0, 0});
  CHECK(world.rows->load().value().marked.empty());
}

TEST_CASE("a manager over a database that can't be read is not made", "[one-thread][C15]") {
  World world;
  world.database->before = [](Call, const SessionId&) { return std::optional(Error::database_unavailable); };
  CHECK(make_session_manager({world.database, world.clock, {}}).error() == Error::database_unavailable);
}
