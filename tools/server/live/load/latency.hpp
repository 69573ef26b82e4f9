// How long calls took: a batch's, put in order.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace lab::load {

struct Latency {
  std::int64_t median_us = 0;
  std::int64_t p95_us = 0;  // 95 of 100 calls took no longer
  std::int64_t longest_us = 0;
};

using Durations = std::vector<std::chrono::nanoseconds>;

// All zero where there is no call.
Latency latency_of(Durations durations);

// What `call` took; its result is dropped.
template <class Call>
std::chrono::nanoseconds time_of(const Call& call) {
  const auto begun = std::chrono::steady_clock::now();
  (void)call();
  return std::chrono::steady_clock::now() - begun;
}

}  // namespace lab::load
