// An explanation cut down to the steps that somebody wants to see: those in one file, say.
#pragma once

#include <functional>

#include "tools/explorer/account/explanation.hpp"

namespace lab::explorer {

// The same run with only the steps that `wanted` accepts, and what else the explanation says. A deed whose value was
// written in a step that is gone no longer says by which; that a thread takes over, and whether from one that could
// have gone on, is said of its first step that is left. Thread safe.
Explanation restricted(const Explanation& explanation, const std::function<bool(const ExplainedStep&)>& wanted);

}  // namespace lab::explorer
