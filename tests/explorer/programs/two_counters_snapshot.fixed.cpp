// Snapshot: both counters live in one atomic value, so they are changed together and read together.
// expected: passed

#include <atomic>
#include <cassert>
#include <thread>

namespace {

// Aligned so that one instruction changes both.
struct alignas(8) Statistics {
  int waiting;
  int served;
};

std::atomic<Statistics> statistics{Statistics{2, 0}};

void serve_customer() {
  Statistics before = statistics.load();
  while (!statistics.compare_exchange_strong(before, {before.waiting - 1, before.served + 1})) {
  }
}

// Nobody comes and nobody leaves, so the sum must be right at any moment.
void check_statistics() {
  const Statistics now = statistics.load();
  assert(now.waiting + now.served == 2);
}

}  // namespace

int main() {
  std::thread server(serve_customer);
  std::thread auditor(check_statistics);
  server.join();
  auditor.join();
}
