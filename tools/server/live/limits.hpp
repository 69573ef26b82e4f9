// How much load may be asked for, and reading what was asked.
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace lab::live {

struct Range {
  int least;
  int most;

  bool has(long long value) const { return value >= least && value <= most; }
};

inline constexpr Range seconds_range{1, 60};
inline constexpr Range operations_range{100, 10'000};  // a second
inline constexpr Range threads_range{2, 8};            // one alone meets nobody

// What each of the two programs is given to do.
struct LoadRequest {
  int seconds = 20;
  int operations_per_second = 5'000;
  int threads = 4;

  bool operator==(const LoadRequest&) const = default;
};

// No JSON that asks for a load is longer.
inline constexpr std::size_t request_bytes_max = 1'024;

// Reads a JSON object; a member that is absent has its default. Refuses, by a sentence, what is no such object, has
// other members, or is out of range.
tl::expected<LoadRequest, std::string> parse_load_request(std::string_view json);

}  // namespace lab::live
