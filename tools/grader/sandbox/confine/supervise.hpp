// The process above a job: starts it with its bounds in force, waits for it, and writes down how it ended.
#pragma once

#include "tools/grader/sandbox/confine/plan.hpp"

namespace lab::confine {

// Returns the status to end with. It is as root that no job reaches, or the first process of the job's namespace, which
// the kernel shields from it.
int supervise(const Plan& plan);

}  // namespace lab::confine
