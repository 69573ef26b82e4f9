// From what a search came to, to what callers get; shared by both doors.
#pragma once

#include <memory>

#include "tools/explorer/search.hpp"

namespace lab::explorer {

// Memory for a search's result that a child process shares.
std::shared_ptr<Search> make_result();

Findings findings_of(const Search& result, double seconds);

// Whether what was found fails in the same way in a process in which nothing has run yet.
bool fails_again(Target& target, const Options& options, const Search& result);

// A search whose failure is confirmed so. If it is not, what earlier runs left in the process has had a part in it, and
// the search is made anew with a process for each run; what cannot be confirmed even then is nondeterministic.
void search_and_confirm(Target& target, const Options& options, Search& result);

// Runs the plan once and copies the log.
Replayed replay(Target& target, const Plan& plan);

}  // namespace lab::explorer
