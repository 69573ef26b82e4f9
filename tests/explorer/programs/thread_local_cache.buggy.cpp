// Thread-local cache: a thread shares a plain pointer into its own cache, which is freed when that thread ends.
// expected: use_after_free
// deviations: 1

#include <cassert>
#include <memory>
#include <mutex>
#include <thread>

namespace {

thread_local std::unique_ptr<const int> cache;

std::mutex mutex;
const int* published = nullptr;  // Guarded by mutex. Says nothing about how long its target lives.

void compute() {
  cache = std::make_unique<const int>(42);
  const std::lock_guard lock(mutex);
  published = cache.get();
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
