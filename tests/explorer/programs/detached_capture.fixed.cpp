// Detached thread: it owns the object that it works with, so its creator may return at any time.
// expected: passed

#include <cassert>
#include <latch>
#include <memory>
#include <thread>
#include <utility>

namespace {

std::latch delivered{1};

void send() {
  auto letter = std::make_unique<int>(42);
  std::thread postman([letter = std::move(letter)] {
    assert(*letter == 42);
    delivered.count_down();
  });
  postman.detach();
}

}  // namespace

int main() {
  send();
  delivered.wait();
}
