// A data race that every working ThreadSanitizer reports: two threads write one variable and nothing orders them.
#include <thread>

namespace {
volatile int written_by_both = 0;  // volatile, or the optimiser drops what nobody reads
}

int main() {
  std::thread first([] { written_by_both = 1; });
  std::thread second([] { written_by_both = 2; });
  first.join();
  second.join();
  return 0;
}
