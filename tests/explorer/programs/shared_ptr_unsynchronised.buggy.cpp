// Shared pointer: its count is safe to share, the pointer object itself is not; a copy may reach a freed count.
// expected: use_after_free
// deviations: 1

#include <cassert>
#include <memory>
#include <thread>

namespace {

std::shared_ptr<const int> settings = std::make_shared<const int>(1);

void use() {
  // A copy reads the pointer, then raises the count: in between, the last owner may let go of both.
  const std::shared_ptr<const int> mine = settings;
  assert(*mine >= 1);
}

void reload() { settings = std::make_shared<const int>(2); }

}  // namespace

int main() {
  std::thread user(use);
  std::thread loader(reload);
  user.join();
  loader.join();
  assert(*settings == 2);
}
