// A run, or several of one program, as the object that the timeline page shows: docs/reference/timeline.md.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "tools/explorer/account/explanation.hpp"
#include "tools/explorer/account/play.hpp"
#include "tools/explorer/account/report.hpp"

namespace lab::explorer {

// The order that would have been right.
struct RightOrder {
  std::optional<Explanation> explanation;  // of a run that passes; none: `how` says why
  std::uint32_t preemptions = 0;
  std::uint32_t deviations = 0;
  bool races = false;  // it ends well, and something races in it all the same
  std::string how;     // one sentence: which order it is, or why there is none
};

// The object "timeline", schema 1, of a report with an explanation (and without one, for its play alone). Reads the
// source lines by `names`. All strings are well-formed UTF-8 without control characters.
nlohmann::json timeline_json(const Report& report, const RightOrder* right, const PlayTree* play, Names& names);

}  // namespace lab::explorer
