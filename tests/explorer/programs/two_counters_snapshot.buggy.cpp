// Snapshot: two counters that belong together are read one after the other, and a move between them is half seen.
// expected: assertion
// deviations: 1

#include <atomic>
#include <cassert>
#include <thread>

namespace {

std::atomic<int> waiting{2};
std::atomic<int> served{0};

void serve_customer() {
  waiting.fetch_sub(1);
  served.fetch_add(1);
}

// Nobody comes and nobody leaves, so the sum must be right at any moment.
void check_statistics() {
  const int still_waiting = waiting.load();
  assert(still_waiting + served.load() == 2);
}

}  // namespace

int main() {
  std::thread server(serve_customer);
  std::thread auditor(check_statistics);
  server.join();
  auditor.join();
}
