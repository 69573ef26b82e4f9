// Detached thread: it refers to an object that its creator owned and freed on return.
// expected: use_after_free
// deviations: 0

#include <cassert>
#include <latch>
#include <memory>
#include <thread>

namespace {

std::latch delivered{1};

void send() {
  const auto letter = std::make_unique<int>(42);
  std::thread postman([&text = *letter] {
    assert(text == 42);
    delivered.count_down();
  });
  postman.detach();
}  // The letter is freed here, whether it is delivered or not.

}  // namespace

int main() {
  send();
  delivered.wait();
}
