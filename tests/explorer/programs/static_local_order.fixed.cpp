// Lazy singleton by a static local: the language builds it once, and others wait until it is complete.
// expected: passed

#include <atomic>
#include <cassert>
#include <thread>

namespace {

std::atomic<int> built{0};

struct Registry {
  Registry() { built.fetch_add(1); }
  std::atomic<int> users{0};
};

Registry& registry() {
  static Registry instance;
  return instance;
}

void enrol() { registry().users.fetch_add(1); }

}  // namespace

int main() {
  std::thread alice(enrol);
  std::thread bob(enrol);
  alice.join();
  bob.join();
  assert(built.load() == 1);
  assert(registry().users.load() == 2);
}
