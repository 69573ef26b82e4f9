// The hints of an exercise, from its hints.md: a heading, then for each a heading "## N" and its text.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace lab::exercises {

// Each without its heading and without empty lines around it. The error is a sentence: the file can't be read, the
// headings are not 1, 2, 3, ..., or a hint is empty.
tl::expected<std::vector<std::string>, std::string> read_hints(const std::string& file);

}  // namespace lab::exercises
