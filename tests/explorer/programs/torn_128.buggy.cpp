// Torn value: a 128-bit number is stored as two atomic halves, and a reader sees one new half and one old.
// expected: assertion
// deviations: 1

#include <atomic>
#include <cassert>
#include <cstdint>
#include <thread>

namespace {

struct Wide {
  std::uint64_t high;
  std::uint64_t low;
};

std::atomic<std::uint64_t> high{0};
std::atomic<std::uint64_t> low{0};

void set(Wide value) {
  high.store(value.high);
  low.store(value.low);  // Between the two stores the number is neither the old one nor the new one.
}

Wide get() {
  const std::uint64_t upper = high.load();
  return {upper, low.load()};
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
