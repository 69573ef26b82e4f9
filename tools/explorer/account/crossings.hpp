// Thinning a long record.
#pragma once

#include <span>
#include <vector>

#include "tools/explorer/account/selection.hpp"

namespace lab::explorer {

// What is kept of a long record: by what steps information went from one thread to another. In a program of some size
// most of what threads share is guarded and comes as it should; where it does not, a thread reads what another wrote,
// or writes over what it has not seen.
// Removes the rest from `selected`, and says of what stays whom it undoes and what news it finds. `early` and
// `in_company` are of each step in the log: before there was a second thread, and while there is one.
void keep_crossings(std::span<const Step> steps, const Log& log, const std::vector<bool>& early,
                    const std::vector<bool>& in_company, Names& names, std::vector<Selected>& selected);

}  // namespace lab::explorer
