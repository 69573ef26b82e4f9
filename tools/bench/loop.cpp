#include "tools/bench/loop.hpp"

namespace lab::bench {

std::uint64_t touch(std::uint64_t* words, std::size_t count, std::size_t accesses) {
  std::uint64_t sum = 0;
  for (bool write = true; accesses > 0; write = !write) {
    const std::size_t here = accesses < count ? accesses : count;
    accesses -= here;
    // Each turn must stay one access: the compiler may neither join turns nor leave any out.
    if (write) {
      for (std::size_t i = 0; i < here; ++i) {
        words[i] = sum;
        asm volatile("" : : : "memory");
      }
    } else {
      for (std::size_t i = 0; i < here; ++i) {
        sum += words[i];
        asm volatile("" : "+r"(sum) : : "memory");
      }
    }
  }
  return sum;
}

}  // namespace lab::bench
