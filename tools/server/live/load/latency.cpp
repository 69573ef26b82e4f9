#include "tools/server/live/load/latency.hpp"

#include <algorithm>

namespace lab::load {
namespace {

// Of `count` ordered values, the place of the smallest one that `percent` of 100 do not exceed (the nearest rank).
std::size_t rank(std::size_t count, std::size_t percent) { return (count * percent + 99) / 100 - 1; }

std::int64_t microseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

}  // namespace

Latency latency_of(Durations durations) {
  if (durations.empty()) return {};
  std::sort(durations.begin(), durations.end());
  Latency latency;
  latency.median_us = microseconds(durations[rank(durations.size(), 50)]);
  latency.p95_us = microseconds(durations[rank(durations.size(), 95)]);
  latency.longest_us = microseconds(durations.back());
  return latency;
}

}  // namespace lab::load
