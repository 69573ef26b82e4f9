// ABA avoided: a tag beside the head changes with every push and pop, so a stale compare-exchange fails.
// expected: passed

#include <array>
#include <atomic>
#include <cassert>
#include <thread>

namespace {

constexpr int none = -1;
constexpr int node_count = 2;

// The index alone can come back, the pair cannot: the tag only grows. Aligned so that one instruction changes both.
struct alignas(8) Head {
  int node;
  unsigned tag;
};

// A stack of free nodes, linked by index: 0 on top of 1.
std::array<std::atomic<int>, node_count> next{1, none};
std::atomic<Head> head{Head{0, 0}};

int pop() {
  Head top = head.load();
  while (top.node != none) {
    const int below = next[top.node].load();
    if (head.compare_exchange_strong(top, Head{below, top.tag + 1})) break;
  }
  return top.node;
}

void push(int node) {
  Head top = head.load();
  do {
    next[node].store(top.node);
  } while (!head.compare_exchange_strong(top, Head{node, top.tag + 1}));
}

// How often each node is found, be it with a thread or in the stack.
std::array<int, node_count> found{};

void find(int node) {
  if (node != none) ++found[node];
}

}  // namespace

int main() {
  int kept_by_first = none;
  int kept_by_second = none;
  std::thread first([&] { kept_by_first = pop(); });
  std::thread second([&] {
    const int borrowed = pop();
    kept_by_second = pop();
    if (borrowed != none) push(borrowed);
  });
  first.join();
  second.join();

  find(kept_by_first);
  find(kept_by_second);
  for (int node = pop(); node != none; node = pop()) find(node);
  for (const int times : found) assert(times == 1);
}
