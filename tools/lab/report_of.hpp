// From what the explorer found to the report that people and tools read.
#pragma once

#include <tl/expected.hpp>

#include "tools/explorer/account/report.hpp"
#include "tools/explorer/account/schedule.hpp"
#include "tools/explorer/explorer.hpp"

namespace lab::cli {

// `called` is the program as the user named it, for the command that replays. Runs the schedule found once more, to
// record its steps. The error is a sentence.
tl::expected<explorer::Report, std::string> report_of(const explorer::Program& program, const std::string& called,
                                                      const explorer::Options& options,
                                                      const explorer::Findings& findings);

// The report of one recorded run of a given schedule.
tl::expected<explorer::Report, std::string> report_of(const explorer::Program& program, const std::string& called,
                                                      const explorer::Replayed& run);

// What it takes to replay this plan on a build of the program.
explorer::Schedule schedule_of(const explorer::Plan& plan, const std::string& build_id, std::uint64_t final_state);
explorer::Plan plan_of(const explorer::Schedule& schedule);

// What no exploration sees, a sentence each; printed with every verdict.
std::vector<std::string> standing_limits();

// The width that text may have: the terminal's, or 100 where there is none.
std::size_t text_width();

}  // namespace lab::cli
