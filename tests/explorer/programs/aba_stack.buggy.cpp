// ABA: a thread's compare-exchange succeeds on a head that was popped and pushed again meanwhile.
// expected: assertion
// deviations: 1

#include <array>
#include <atomic>
#include <cassert>
#include <thread>

namespace {

constexpr int none = -1;
constexpr int node_count = 2;

// A stack of free nodes, linked by index: 0 on top of 1.
std::array<std::atomic<int>, node_count> next{1, none};
std::atomic<int> head{0};

int pop() {
  int top = head.load();
  while (top != none) {
    const int below = next[top].load();
    // An equal index does not mean that nothing happened: `below` may be in use by now.
    if (head.compare_exchange_strong(top, below)) break;
  }
  return top;
}

void push(int node) {
  int top = head.load();
  do {
    next[node].store(top);
  } while (!head.compare_exchange_strong(top, node));
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
