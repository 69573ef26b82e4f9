// An explanation as text: one lane for each thread, from the top down.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tools/explorer/account/explanation.hpp"

namespace lab::explorer {

// More lanes than this can't be followed by eye; nor can narrower ones, in columns, be read.
inline constexpr std::size_t lanes_max = 4;
inline constexpr std::size_t lane_width_min = 24;

// Lines of at most `width` columns (the terminal's; below 40 it is taken for 40), each ending in a line feed. Steps are
// numbered from 1. Where more than lanes_max threads take part or a lane would be narrower than lane_width_min, one
// list with the thread's name before each step. Of more than `steps_max` steps no more than about so many are shown: of
// what a thread does at a stretch first what only unlocks is left out, then what only locks or waits, then the middle;
// if that is not enough, the same of all. The text says so. Where the reader knows which file it is, a step's place may
// be its line alone. The failure, what is waited for to the end, the last lost updates, and where the last values come
// from that cross from thread to thread, are never left out. Ends with `verdict`. Control characters in names and
// sources do not reach the text. Thread safe.
enum class Places : std::uint8_t { file_and_line, line };
std::string lanes(const Explanation& explanation, std::string_view verdict, std::size_t width,
                  std::size_t steps_max = 60, Places places = Places::file_and_line);

}  // namespace lab::explorer
