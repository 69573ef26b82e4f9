// The attributes in a submission's preprocessed code, however they are spelled: [[...]] and __attribute__((...)).
#pragma once

#include <vector>

#include "tools/grader/screen/tokens.hpp"

namespace lab::grader {

// One fault for each attribute that is not known to be harmless. The lines are those of the tokens.
std::vector<Fault> faults_of_attributes(const std::vector<Token>& tokens);

}  // namespace lab::grader
