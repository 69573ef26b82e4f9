// Lazy start by hand: the first attempt throws, but its flag stays set, so nobody tries again.
// expected: assertion
// deviations: 0

#include <atomic>
#include <cassert>
#include <stdexcept>
#include <thread>

namespace {

std::atomic<bool> started{false};
std::atomic<int> attempts{0};
std::atomic<int> connection{0};  // 0 until connected.

// The server refuses the first caller.
void connect() {
  if (attempts.fetch_add(1) == 0) throw std::runtime_error("busy");
  connection.store(7);
}

void connect_once() {
  if (!started.exchange(true)) connect();  // When connect() throws, the flag still says that all is done.
}

void use() {
  try {
    connect_once();
  } catch (const std::runtime_error&) {
    connect_once();  // The server refuses once only.
  }
  assert(connection.load() == 7);
}

}  // namespace

int main() {
  std::thread first(use);
  std::thread second(use);
  first.join();
  second.join();
}
