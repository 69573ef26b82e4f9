// Shutdown: the stop is requested between the worker's check and its wait, and the notification finds nobody.
// expected: deadlock
// deviations: 2

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
      changed.wait(lock);  // The request is made without the mutex, so it may fall just before this line.
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
