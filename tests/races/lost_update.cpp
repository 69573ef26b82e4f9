// B1: a copy that is written back undoes what others have written since.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/threads.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

TEST_CASE("concurrent updates of distinct keys are all kept", "[concurrent][C3][B1]") {
  constexpr int threads = 4;
  constexpr int updates = 25;
  const std::string failure = first_broken_round(20, [&](int) -> std::optional<std::string> {
    const World world;
    const SessionId id = world.create();
    std::vector<Body> bodies;
    for (int thread = 0; thread < threads; ++thread) {
      bodies.push_back([&world, &id, thread] {
        for (int i = 0; i < updates; ++i) (void)world->update_session(id, fmt::format("{}/{}", thread, i), "x");
      });
    }
    run_together("concurrent updates of one session", bodies);
    const SessionData data = world->get_session(id).value();
    const std::size_t lost = threads * updates - data.metadata.size();
    if (lost != 0) return fmt::format("lost update: {} of {} keys are gone", lost, threads * updates);
    if (data.access_count != threads * updates)
      return fmt::format("lost update: the count went back to {}", data.access_count);
    if (world.restarted()->get_session(id).value().metadata != data.metadata) return "the row is not the session";
    return std::nullopt;
  });
  CHECK(failure == "");
}

TEST_CASE("an update does not undo a revocation", "[concurrent][C9][B1]") {
  const std::string failure = first_broken_round(1000, [&](int) -> std::optional<std::string> {
    const World world;
    const SessionId id = world.create();
    run_together("an update beside a revocation", {[&] {
                                                     for (int i = 0; i < 10; ++i)
                                                       (void)world->update_session(id, "theme", "dark");
                                                   },
                                                   [&] { (void)world->set_authenticated(id, false); }});
    if (world->get_session(id).value().is_authenticated) return "lost update: the session is authenticated again";
    return std::nullopt;
  });
  CHECK(failure == "");
}
