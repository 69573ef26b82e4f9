// B11: the process-wide instance, asked for by many at the moment of its making. The test needs a process to
// itself: there is one such moment in each.
#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

// It ends at the first race: all that an instance read too early goes on to do would race as well.
CONCURRENT_CLAIM("everybody who asks first gets the same, fully built instance", "[C14][B11]", .rounds = 1,
                 .own_process = true, .first_race = true) {
  const auto threads = static_cast<std::size_t>(trial.times(2, 8));
  std::vector<SessionManager*> got(threads, nullptr);
  std::vector<Body> bodies;
  for (std::size_t i = 0; i < threads; ++i) {
    bodies.push_back([&got, i] {
      got[i] = &process_instance();
      must(got[i]->create_session("42", "alice"));
    });
  }
  trial.together("the first calls of process_instance()", bodies);
  for (const SessionManager* instance : got) {
    if (instance != got[0]) return "lazy instance: two requests got two managers, each with sessions of its own";
  }
  if (process_instance().get_active_count() != threads)
    return "lazy instance: a session that was made in the site's manager is missing";
  return holds;
}
