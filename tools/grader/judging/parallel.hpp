// Several things at once, as many as asked for.
#pragma once

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace lab::grader {

// Calls work(i) for each i below count, on `workers` threads, of which the caller's is one; returns when all have
// returned. `work` must not throw.
template <class Work>
void in_parallel(std::size_t count, std::size_t workers, const Work& work) {
  std::atomic<std::size_t> next{0};
  const auto loop = [&] {
    for (std::size_t at = next++; at < count; at = next++) work(at);
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < workers && i < count; ++i) others.emplace_back(loop);
  loop();
}

}  // namespace lab::grader
