// How a test is asked for by its name on the command line of a Catch2 program.
#pragma once

#include <string>

namespace lab::exercises {

// The specification of this one test: a comma in a name would separate two.
std::string spec_of(const std::string& test);

}  // namespace lab::exercises
