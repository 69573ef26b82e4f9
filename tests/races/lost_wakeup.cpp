// B10: the notification comes between the worker's test of the flag and its wait.
#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "tests/support/threads.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

TEST_CASE("stop returns though no clock advances", "[concurrent][C13][B10]") {
  const World world;
  const std::string failure = first_broken_round(1500, [&](int round) -> std::optional<std::string> {
    unsigned seed = static_cast<unsigned>(round);
    const auto worker = make_cleanup_worker(*world.manager, 300s);
    run_elsewhere("lost wake-up: stop() waits for a time-out that no clock will bring", [&] {
      worker->start();
      while (world.clock->manual.waiters() == 0) jitter(seed, 50);
      jitter(seed, 100);
      worker->stop();
    });
    return std::nullopt;
  });
  CHECK(failure == "");
}
