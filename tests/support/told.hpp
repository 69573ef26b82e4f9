// What the suite's tests come to, as a file that the lab judges by.
#pragma once

#include <string>

namespace lab::test {

// Whenever a test begins or ends, all that has been found so far is written to this file, as evidence of the judge
// "stress" (tools/exercises/evidence.hpp); of the test that runs, that the process was ended in it. Empty, as at the
// start: nowhere. To be set before the session runs.
std::string& evidence_file();

}  // namespace lab::test
