// Ring buffer for one producer and one consumer: plain slots, published by release stores and acquire loads.
// expected: passed

#include <array>
#include <atomic>
#include <cassert>
#include <cstddef>
#include <thread>

namespace {

class Queue {
public:
  bool try_push(int value) {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);  // Only this thread writes it.
    // Pairs with the release in try_pop(): the consumer has finished with the slot.
    if (tail - head_.load(std::memory_order_acquire) == slots_.size()) return false;
    slots_[tail % slots_.size()] = value;
    tail_.store(tail + 1, std::memory_order_release);  // Publishes the slot.
    return true;
  }

  bool try_pop(int& value) {
    const std::size_t head = head_.load(std::memory_order_relaxed);  // Only this thread writes it.
    // Pairs with the release in try_push(): the slot is filled.
    if (head == tail_.load(std::memory_order_acquire)) return false;
    value = slots_[head % slots_.size()];
    head_.store(head + 1, std::memory_order_release);  // Gives the slot back.
    return true;
  }

private:
  std::array<int, 1> slots_{};
  std::atomic<std::size_t> head_{0};
  std::atomic<std::size_t> tail_{0};
};

constexpr int item_count = 2;

Queue queue;

}  // namespace

int main() {
  std::thread producer([] {
    for (int item = 1; item <= item_count; ++item) {
      while (!queue.try_push(item)) std::this_thread::yield();
    }
  });
  std::thread consumer([] {
    for (int expected = 1; expected <= item_count; ++expected) {
      int item = 0;
      while (!queue.try_pop(item)) std::this_thread::yield();
      assert(item == expected);
    }
  });
  producer.join();
  consumer.join();
}
