// B11: the process-wide instance, asked for by many at the moment of its making. The test needs a process to
// itself: there is one such moment in each.
#include <catch2/catch_test_macros.hpp>

#include "tests/support/threads.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

TEST_CASE("everybody who asks first gets the same, fully built instance", "[concurrent][C14][B11]") {
  constexpr std::size_t threads = 8;
  std::vector<SessionManager*> got(threads, nullptr);
  std::vector<Body> bodies;
  for (std::size_t i = 0; i < threads; ++i) {
    bodies.push_back([&got, i] {
      got[i] = &process_instance();
      must(got[i]->create_session("42", "alice"));
    });
  }
  run_together("the first calls of process_instance()", bodies);
  for (const SessionManager* instance : got) CHECK(instance == got[0]);
  CHECK(process_instance().get_active_count() == threads);
}
