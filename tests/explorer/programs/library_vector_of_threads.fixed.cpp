// Threads in a vector: each thread works on its own part of one array, and the vector moves the handles about.
// expected: passed

#include <array>
#include <cassert>
#include <cstddef>
#include <numeric>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t thread_count = 3;
constexpr std::size_t part = 4;

std::array<int, thread_count * part> squares{};  // Plain: no two threads touch the same element.

void fill(std::size_t number) {
  for (std::size_t i = number * part; i < (number + 1) * part; ++i) squares[i] = static_cast<int>(i * i);
}

}  // namespace

int main() {
  std::vector<std::thread> threads;  // Grows step by step: running threads are moved to new memory.
  for (std::size_t number = 0; number < thread_count; ++number) threads.emplace_back(fill, number);
  for (std::thread& thread : threads) thread.join();
  assert(std::accumulate(squares.begin(), squares.end(), 0) == 506);
}
