// Recording every choice of a program, for somebody to play with.
#pragma once

#include <chrono>
#include <cstdint>

#include "tools/explorer/account/naming.hpp"
#include "tools/explorer/account/play.hpp"
#include "tools/explorer/explorer.hpp"
#include "tools/explorer/target.hpp"

namespace lab::explorer {

struct PlayLimits {
  std::uint64_t runs = 2'000;              // at most, checked before each run...
  std::chrono::milliseconds time{60'000};  // ...as this is. A run that fails ends its process, and takes some 10 ms
  std::size_t edges = 20'000;              // at most so many that were recorded: a page of some megabytes
  std::size_t choices = 2'000;             // of one run: more nobody plays
};

// Runs the target under all its schedules, those with the fewest deviations first, each with its steps. Of `options`
// it takes what a run may do, and not how to search. `objects` names things as the rest of the page does.
PlayTree record_play(Target& target, const Options& options, const PlayLimits& limits, Names& names,
                     ObjectNames& objects);

}  // namespace lab::explorer
