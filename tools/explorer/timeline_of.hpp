// The report of what was explored, with what the timeline page needs beside it.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

#include "tools/explorer/record_play.hpp"
#include "tools/explorer/report_of.hpp"

namespace lab::explorer {

struct TimelineWanted {
  const Plan* schedule = nullptr;                        // of the run to be shown; null: the one without a deviation
  std::function<std::unique_ptr<Target>()> play = {};    // what is played; empty: nothing is
  std::function<bool(const ExplainedStep&)> shown = {};  // the steps to show, in play too; empty: all
  PlayLimits limits = {};
};

// to_json(report) and the object "timeline" (account/timeline.hpp). Makes runs of the subject: one to record the
// schedule, some to find an order that is right, and many where there is to be a play. The error is a sentence: the
// binary's symbols can't be read.
tl::expected<nlohmann::json, std::string> timeline_of(const Report& report, const Subject& subject,
                                                      const Options& options, const TimelineWanted& wanted);

}  // namespace lab::explorer
