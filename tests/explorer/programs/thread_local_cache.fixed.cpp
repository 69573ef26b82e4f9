// Thread-local cache: what a thread shares has shared ownership, so it outlives the thread that made it.
// expected: passed

#include <cassert>
#include <memory>
#include <mutex>
#include <thread>

namespace {

thread_local std::shared_ptr<const int> cache;

std::mutex mutex;
std::shared_ptr<const int> published;  // Guarded by mutex. Keeps its target alive.

void compute() {
  cache = std::make_shared<const int>(42);
  const std::lock_guard lock(mutex);
  published = cache;
}

void look_up() {
  const std::lock_guard lock(mutex);
  if (published != nullptr) assert(*published == 42);
}

}  // namespace

int main() {
  std::thread reader(look_up);
  std::thread owner(compute);
  reader.join();
  owner.join();
}
