// Planted faults (tests/canaries), which every working judge reports.
#pragma once

#include <string>
#include <vector>

#include "tools/lab/commands.hpp"

namespace lab::cli {

// Whether the judges of these presets, which have been built, report each fault that they can see. If not, says which
// one is not reported, and how to look at it. What a green run of them says is worth nothing then.
bool canaries_sing(const Context& context, const std::vector<std::string>& presets);

}  // namespace lab::cli
