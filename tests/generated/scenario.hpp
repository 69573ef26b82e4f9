// One run of a program. Compiled so that the explorer sees it.
#pragma once

#include "tests/generated/operation.hpp"
#include "tests/generated/record.hpp"

namespace lab::generated {

// The threads carry out their operations, then the main thread asks the questions that the program's history `start`
// ends with. What was seen is in the record, and is judged when the run has ended.
void run(const Program& program, const History& start, Record& record);

}  // namespace lab::generated
