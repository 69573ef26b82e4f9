// Sequence lock: the reader takes two values, and takes them again if a writer was at work meanwhile.
// expected: passed

#include <atomic>
#include <cassert>
#include <thread>

namespace {

std::atomic<unsigned> sequence{0};  // Odd while a write is going on.
std::atomic<int> width{1};
std::atomic<int> height{1};

// There is one writer only.
void resize(int size) {
  sequence.fetch_add(1);
  width.store(size);
  height.store(size);
  sequence.fetch_add(1);
}

void check_square() {
  for (;;) {
    const unsigned before = sequence.load();
    if (before % 2 == 0) {
      const int seen_width = width.load();
      const int seen_height = height.load();
      if (sequence.load() == before) {
        assert(seen_width == seen_height);
        return;
      }
    }
    std::this_thread::yield();
  }
}

}  // namespace

int main() {
  std::thread writer(resize, 5);
  std::thread reader(check_square);
  writer.join();
  reader.join();
}
