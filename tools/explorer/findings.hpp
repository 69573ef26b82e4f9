// From what a search came to, to what callers get; shared by both doors.
#pragma once

#include <memory>

#include "tools/explorer/search.hpp"

namespace lab::explorer {

// Memory for a search's result that a child process shares.
std::shared_ptr<Search> make_result();

Findings findings_of(const Search& result, double seconds);

// Runs the plan once and copies the log.
Replayed replay(Target& target, const Plan& plan);

}  // namespace lab::explorer
