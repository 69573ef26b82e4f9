// B1: a copy that is written back undoes what others have written since.
#include <fmt/format.h>

#include <array>

#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

namespace {

std::string key_of(int thread, int update) {
  static constexpr std::array names = {"language", "theme", "time zone", "units"};
  const char* const name = names[static_cast<std::size_t>(thread)];
  return update == 0 ? name : fmt::format("{} {}", name, update);
}

}  // namespace

CONCURRENT_CLAIM("concurrent updates of distinct keys are all kept", "[C3][B1]", .rounds = 20) {
  const int threads = trial.times(2, 4);
  const int updates = trial.times(1, 25);
  const World world;
  const SessionId id = world.create();
  std::vector<Body> bodies;
  for (int thread = 0; thread < threads; ++thread) {
    bodies.push_back([&world, &id, thread, updates] {
      for (int i = 0; i < updates; ++i) (void)world->update_session(id, key_of(thread, i), "x");
    });
  }
  trial.together("concurrent updates of one session", bodies);
  const SessionData data = world->get_session(id).value();
  const auto all = static_cast<std::size_t>(threads * updates);
  if (data.metadata.size() != all) {
    const std::size_t gone = all - data.metadata.size();
    for (int number = 0; number < threads * updates; ++number) {
      const std::string key = key_of(number / updates, number % updates);
      if (!data.metadata.contains(key))
        return fmt::format("lost update: {} of {} keys are gone: alice's {}{}", gone, all, key,
                           gone > 1 ? " and others" : "");
    }
    return fmt::format("{} keys are there that nobody set", data.metadata.size() - all);
  }
  if (data.access_count != all) return fmt::format("lost update: the count went back to {}", data.access_count);
  if (world.restarted()->get_session(id).value().metadata != data.metadata) return "the row is not the session";
  return holds;
}

CONCURRENT_CLAIM("an update does not undo a revocation", "[C9][B1]") {
  const World world;
  const SessionId id = world.create("bob");
  trial.together("an update beside a revocation", {[&] {
                                                     for (int i = 0; i < trial.times(1, 10); ++i)
                                                       (void)world->update_session(id, "theme", "dark");
                                                   },
                                                   [&] { (void)world->set_authenticated(id, false); }});
  if (world->get_session(id).value().is_authenticated)
    return "lost update: the session is authenticated again: what was taken from bob is back";
  return holds;
}
