// An explanation cut down to the steps that somebody wants to see: those in one file, say.
#pragma once

#include <functional>

#include "tools/explorer/account/explanation.hpp"
#include "tools/explorer/account/play.hpp"

namespace lab::explorer {

// The same run with only the steps that `wanted` accepts, and what else the explanation says. A deed whose value was
// written in a step that is gone no longer says by which; that a thread takes over, and whether from one that could
// have gone on, is said of its first step that is left. Thread safe.
Explanation restricted(const Explanation& explanation, const std::function<bool(const ExplainedStep&)>& wanted);

// Sets aside the steps of a recorded tree that `wanted` does not accept. Choices and ends stay, and so do all orders.
// Joins, ends of threads, waits to the end and the failing step are kept: without them nobody sees why who goes on.
// What one thread does aside between two choices becomes one step without a place, of which only the accesses and the
// locks are left: what is shown later may rest on them. Thread safe for different trees.
void set_aside(PlayTree& tree, const std::function<bool(const ExplainedStep&)>& wanted);

}  // namespace lab::explorer
