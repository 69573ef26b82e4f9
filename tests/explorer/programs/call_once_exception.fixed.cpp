// Lazy start by std::call_once: an attempt that throws does not count, the next caller tries again.
// expected: passed

#include <atomic>
#include <cassert>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace {

std::once_flag started;
std::atomic<int> attempts{0};
std::atomic<int> connection{0};  // 0 until connected.

// The server refuses the first caller.
void connect() {
  if (attempts.fetch_add(1) == 0) throw std::runtime_error("busy");
  connection.store(7);
}

void connect_once() {
  std::call_once(started, connect);  // Whoever comes during an attempt waits, and takes over if it throws.
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
