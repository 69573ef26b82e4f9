// Shared pointer: one mutex guards the pointer object, so a copy is whole and keeps its target alive.
// expected: passed

#include <cassert>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace {

std::mutex mutex;
std::shared_ptr<const int> settings = std::make_shared<const int>(1);  // Guarded by mutex.

std::shared_ptr<const int> current() {
  const std::lock_guard lock(mutex);
  return settings;
}

void use() {
  const std::shared_ptr<const int> mine = current();
  assert(*mine >= 1);
}

void reload() {
  auto fresh = std::make_shared<const int>(2);
  const std::lock_guard lock(mutex);
  settings = std::move(fresh);
}

}  // namespace

int main() {
  std::thread user(use);
  std::thread loader(reload);
  user.join();
  loader.join();
  assert(*settings == 2);
}
