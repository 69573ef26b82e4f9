// B1: a copy that is written back undoes what others have written since.
#include <fmt/format.h>

#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

CONCURRENT_CLAIM("concurrent updates of distinct keys are all kept", "[C3][B1]", .rounds = 20) {
  const int threads = trial.times(2, 4);
  const int updates = trial.times(1, 25);
  const World world;
  const SessionId id = world.create();
  std::vector<Body> bodies;
  for (int thread = 0; thread < threads; ++thread) {
    bodies.push_back([&world, &id, thread, updates] {
      for (int i = 0; i < updates; ++i) (void)world->update_session(id, fmt::format("{}/{}", thread, i), "x");
    });
  }
  trial.together("concurrent updates of one session", bodies);
  const SessionData data = world->get_session(id).value();
  const auto all = static_cast<std::size_t>(threads * updates);
  if (data.metadata.size() != all)
    return fmt::format("lost update: {} of {} keys are gone", all - data.metadata.size(), all);
  if (data.access_count != all) return fmt::format("lost update: the count went back to {}", data.access_count);
  if (world.restarted()->get_session(id).value().metadata != data.metadata) return "the row is not the session";
  return holds;
}

CONCURRENT_CLAIM("an update does not undo a revocation", "[C9][B1]") {
  const World world;
  const SessionId id = world.create();
  trial.together("an update beside a revocation", {[&] {
                                                     for (int i = 0; i < trial.times(1, 10); ++i)
                                                       (void)world->update_session(id, "theme", "dark");
                                                   },
                                                   [&] { (void)world->set_authenticated(id, false); }});
  if (world->get_session(id).value().is_authenticated) return "lost update: the session is authenticated again";
  return holds;
}
