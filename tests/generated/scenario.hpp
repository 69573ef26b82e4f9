// One run of a program. Compiled so that the explorer sees it.
#pragma once

#include "tests/generated/operation.hpp"
#include "tests/generated/record.hpp"

namespace lab::generated {

// The threads carry out their operations, then the main thread asks its questions, and expects that the one-thread
// model explains all that was seen.
void run(const Program& program, Record& record);

}  // namespace lab::generated
