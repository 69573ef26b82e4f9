// The worker started and stopped by two threads at once.
#include "tests/support/claim.hpp"
#include "tests/support/world.hpp"

using namespace lab;
using namespace lab::test;

namespace {

// Runs the bodies over a worker, and stops it. A worker that goes on after that would use what is gone.
Broken control(Trial& trial, const std::string& what, bool started, const std::function<void(CleanupWorker&)>& first,
               const std::function<void(CleanupWorker&)>& second) {
  const World world;
  world.clock->waits_time_out = trial.explored();
  const auto worker = make_cleanup_worker(*world.manager, 300s);
  if (started) worker->start();
  trial.together(what, {[&] { first(*worker); }, [&] { second(*worker); }});
  worker->stop();
  if (world.clock->manual.waiters() != 0) return "a worker waits after its end";
  if (trial.ended_by_time()) return "stop() needed a time-out";
  return holds;
}

void start(CleanupWorker& worker) { worker.start(); }
void stop(CleanupWorker& worker) { worker.stop(); }

}  // namespace

CONCURRENT_CLAIM("two starts at once start one worker", "[C13]", .rounds = 300, .early_time_outs = false) {
  return control(trial, "two starts", false, start, start);
}

CONCURRENT_CLAIM("a start beside a stop leaves a worker that can be stopped", "[C13]", .rounds = 300,
                 .early_time_outs = false) {
  return control(trial, "a start beside a stop", true, start, stop);
}

CONCURRENT_CLAIM("two stops at once both return", "[C13]", .rounds = 300, .early_time_outs = false) {
  return control(trial, "two stops", true, stop, stop);
}
