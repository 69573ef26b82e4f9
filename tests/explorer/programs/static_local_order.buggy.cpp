// Lazy singleton by a plain pointer: two threads find it null, and each builds its own registry.
// expected: assertion
// deviations: 1

#include <atomic>
#include <cassert>
#include <thread>

namespace {

std::atomic<int> built{0};

struct Registry {
  Registry() { built.fetch_add(1); }
  std::atomic<int> users{0};
};

Registry* instance = nullptr;

Registry& registry() {
  if (instance == nullptr) instance = new Registry;  // Never freed: it lives as long as the program.
  return *instance;
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
