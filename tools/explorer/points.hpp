// Points that a run has shown and the plan does not have yet.
#pragma once

#include "tools/explorer/protocol.hpp"

namespace lab::explorer {

// Takes them into the plan. True: there were some, so that schedules of before mean nothing any more. `full` becomes
// true where there was no room for one.
bool add_points(Plan& plan, const Log& log, bool& full);

}  // namespace lab::explorer
