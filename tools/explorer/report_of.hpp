// From what the explorer found to the report that people and tools read: both doors, a whole program and a scenario.
#pragma once

#include <functional>
#include <tl/expected.hpp>

#include "tools/explorer/account/report.hpp"
#include "tools/explorer/account/schedule.hpp"
#include "tools/explorer/explorer.hpp"

namespace lab::explorer {

// What was explored, as a report has to name it.
struct Subject {
  std::filesystem::path binary;  // whose symbols and build id count
  std::string called;            // as the user named it, for the command that replays
  std::vector<std::string> arguments;
  std::function<Replayed(const Plan&)> replay;  // makes one run; used once, to record its steps
};

// A whole program; `called` as the user named it.
Subject subject_of(const Program& program, const std::string& called);

// The error is a sentence: the binary's symbols can't be read.
tl::expected<Report, std::string> report_of(const Subject& subject, const Options& options, const Findings& findings);

// The report of one recorded run of a given schedule.
tl::expected<Report, std::string> report_of(const Subject& subject, const Replayed& run);

// What it takes to replay this plan on a build of the program.
Schedule schedule_of(const Plan& plan, const std::string& build_id, std::uint64_t final_state);
Plan plan_of(const Schedule& schedule);

// The same plan, with each step recorded.
Plan recorded(Plan plan);

// What no exploration sees, a sentence each; printed with every verdict.
std::vector<std::string> standing_limits();

}  // namespace lab::explorer
