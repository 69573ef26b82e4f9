// Static locals: built once by whoever comes first, also when one is needed to build another, or the first try throws.
// expected: passed

#include <atomic>
#include <cassert>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

std::atomic<int> attempts{0};

int build_port() {
  if (attempts.fetch_add(1) == 0) throw std::runtime_error("busy");
  return 80;
}

// A static local whose initialisation throws is not initialised: the next caller tries again.
int port() {
  static const int value = build_port();
  return value;
}

const std::string& address() {
  static const std::string value = "localhost:" + std::to_string(port());
  return value;
}

void connect() {
  try {
    address();
  } catch (const std::runtime_error&) {
    address();  // Fails once only.
  }
  assert(address() == "localhost:80");
}

}  // namespace

int main() {
  std::thread first(connect);
  std::thread second(connect);
  first.join();
  second.join();
  assert(attempts == 2);
}
