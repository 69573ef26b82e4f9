// Of a program that fails, an order that would have been right.
#pragma once

#include "tools/explorer/account/naming.hpp"
#include "tools/explorer/account/timeline.hpp"
#include "tools/explorer/report_of.hpp"

namespace lab::explorer {

// The nearest to the failing schedule: it with its last deviation undone, or the last two, and so on; then one with a
// single deviation. At most 60 runs are made. For a data race, right is only what does not race; where each order
// that was tried does, one that ends well is given, and said to race.
RightOrder right_order(const Subject& subject, const Options& options, const Plan& failing, Verdict verdict,
                       Names& names, ObjectNames& objects);

}  // namespace lab::explorer
