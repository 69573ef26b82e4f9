// Which words a submission's code may contain, and which names its macros may have.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tools/grader/screen/tokens.hpp"

namespace lab::grader {

// Why that word may not stand in code, in the text or in what macros make of it; its line is 0.
std::optional<Fault> fault_of_word(std::string_view word);

// Why no macro may be defined or undefined by that name; its line is 0.
std::optional<Fault> fault_of_macro(std::string_view name);

// Why that header may not be included; `header` is spelled with its brackets or quotes. Its line is 0.
std::optional<Fault> fault_of_header(std::string_view header);

}  // namespace lab::grader
