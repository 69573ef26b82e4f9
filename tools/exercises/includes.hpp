// What of a session manager can be compiled ahead, so that its compilation after an edit takes less.
#pragma once

#include <string>

namespace lab::exercises {

// The includes with which a copy begins: those of its header, up to the first line that is neither an include, nor
// blank, nor a comment. To compile them first is to compile the copy: an include that the copy forgets stays forgotten.
// Empty if its source begins with anything but its header, or the header with an include of a file that stands beside
// it.
std::string leading_includes(const std::string& header, const std::string& source);

}  // namespace lab::exercises
