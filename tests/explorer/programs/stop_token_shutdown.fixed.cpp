// Shutdown: the worker waits for a job or for the stop, and the wait itself listens to the stop token.
// expected: passed

#include <cassert>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace {

std::mutex mutex;
std::condition_variable_any changed;
int jobs = 0;  // Guarded by mutex.

void work(std::stop_token stop) {
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    if (jobs > 0) {
      --jobs;
    } else {
      changed.wait(lock, stop, [] { return jobs > 0; });  // Also returns when a stop is requested.
    }
  }
}

}  // namespace

int main() {
  std::jthread worker(work);
  worker.request_stop();
  changed.notify_all();
  worker.join();
  assert(jobs == 0);
}
