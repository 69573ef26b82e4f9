// B10: the notification comes between the worker's test of the flag and its wait.
#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

CONCURRENT_CLAIM("stop returns though no clock advances", "[C13][B10]", .rounds = 1500, .early_time_outs = false) {
  const World world;
  world.clock->waits_time_out = trial.explored();
  unsigned seed = static_cast<unsigned>(trial.round());
  const auto worker = make_cleanup_worker(*world.manager, 300s);
  trial.together("lost wake-up: stop() waits for a time-out that no clock will bring", {[&] {
                   worker->start();
                   if (!trial.explored()) {
                     while (world.clock->manual.waiters() == 0) jitter(seed, 50);
                     jitter(seed, 100);
                   }
                   worker->stop();
                 }});
  if (trial.ended_by_time()) return "lost wake-up: stop() needed a time-out: the worker slept on, and nobody wakes it";
  return holds;
}
