// Declarations by which a submission's preprocessed code would change libraries, which its judges use as well: a
// specialisation of tl::expected, say, is shared by every object of the program.
#pragma once

#include <vector>

#include "tools/grader/screen/tokens.hpp"

namespace lab::grader {

// The rules are "library" for such declarations, and "name" for parts of lab that a submission has no business with. A
// class of one's own may have its std::hash. The lines are those of the tokens.
std::vector<Fault> faults_of_declarations(const std::vector<Token>& tokens);

}  // namespace lab::grader
