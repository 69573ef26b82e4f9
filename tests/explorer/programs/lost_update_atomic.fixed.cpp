// No lost update: the counter is read, raised and written in one atomic step.
// expected: passed

#include <atomic>
#include <cassert>
#include <thread>

namespace {

std::atomic<int> visitors{0};

// Nobody can come between the read and the write of a fetch_add.
void count_visitor() { visitors.fetch_add(1); }

}  // namespace

int main() {
  std::thread north_gate(count_visitor);
  std::thread south_gate(count_visitor);
  north_gate.join();
  south_gate.join();
  assert(visitors.load() == 2);
}
