// Resource pool: the semaphore limits how many come in, but two of them may pick the same free slot.
// expected: assertion
// deviations: 2

#include <array>
#include <atomic>
#include <cassert>
#include <semaphore>
#include <thread>

namespace {

constexpr int slot_count = 2;

std::counting_semaphore<slot_count> free_slots{slot_count};
std::array<std::atomic<bool>, slot_count> taken{};
std::array<std::atomic<int>, slot_count> users{};

int acquire() {
  free_slots.acquire();  // From here on a slot is free for us; it remains to find it.
  int slot = 0;
  while (taken[slot].load()) slot = (slot + 1) % slot_count;
  taken[slot].store(true);  // Another thread may have chosen the same one since we looked.
  return slot;
}

void release(int slot) {
  taken[slot].store(false);
  free_slots.release();
}

void use() {
  const int slot = acquire();
  const int others = users[slot].fetch_add(1);
  assert(others == 0);
  users[slot].fetch_sub(1);
  release(slot);
}

}  // namespace

int main() {
  std::thread first(use);
  std::thread second(use);
  first.join();
  second.join();
}
