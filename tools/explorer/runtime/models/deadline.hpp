// Time limits as the C library has them, in virtual nanoseconds. There is one virtual clock, whatever clock is named.
#pragma once

#include <ctime>

#include "tools/explorer/runtime/state.hpp"

namespace lab::explorer::runtime {

inline constexpr std::uint64_t second_ns = 1'000'000'000;

inline bool is_valid(const timespec& time) { return time.tv_nsec >= 0 && time.tv_nsec < 1'000'000'000; }

// Times before the epoch are past anyway, and those beyond what fits (time_point::max()) never come.
inline std::uint64_t nanoseconds(const timespec& time) {
  if (time.tv_sec < 0) return 0;
  const auto seconds = static_cast<std::uint64_t>(time.tv_sec);
  if (seconds >= UINT64_MAX / second_ns) return UINT64_MAX;
  return seconds * second_ns + static_cast<std::uint64_t>(time.tv_nsec);
}

inline std::uint64_t from_now(std::uint64_t duration) {
  return duration > UINT64_MAX - state.now ? UINT64_MAX : state.now + duration;
}

// What the outcome of a wait adds to its event: when it ended by time, what the clock then shows.
inline std::uint64_t outcome(Woken woken, std::uint64_t deadline) {
  return woken == Woken::timed_out ? mix(deadline) : static_cast<std::uint64_t>(woken);
}

}  // namespace lab::explorer::runtime
