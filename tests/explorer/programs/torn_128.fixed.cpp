// Whole value: both halves of a 128-bit number are written and read under one mutex.
// expected: passed

#include <cassert>
#include <cstdint>
#include <mutex>
#include <thread>

namespace {

struct Wide {
  std::uint64_t high;
  std::uint64_t low;
};

std::mutex mutex;
Wide current{0, 0};  // Guarded by mutex.

void set(Wide value) {
  const std::lock_guard lock(mutex);
  current = value;
}

Wide get() {
  const std::lock_guard lock(mutex);
  return current;
}

}  // namespace

int main() {
  std::thread writer([] { set({7, 7}); });
  std::thread reader([] {
    const Wide seen = get();
    assert(seen.high == seen.low);
  });
  writer.join();
  reader.join();
}
