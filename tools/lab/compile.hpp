// ./lab cc and ./lab cxx: compiler drivers for programs that the explorer is to run.
#pragma once

#include <string>
#include <vector>

#include "tools/lab/status.hpp"

namespace lab::cli {

enum class Language { c, cxx };

// Takes the command line of a compiler driver. Each source is compiled as for ThreadSanitizer; the program is linked
// with the explorer's runtime in place of ThreadSanitizer's. The compiler's own words go where they always go. `failed`
// is what the compiler refused; `usage`, what cannot be had under the explorer. Throws
// std::system_error if the machine refuses a temporary folder.
Status compile(Language language, const std::vector<std::string>& words);

void print_compile_help(Language language);

}  // namespace lab::cli
