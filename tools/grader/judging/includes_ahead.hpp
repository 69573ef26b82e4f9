// The headers of submissions, compiled ahead: most begin with the same includes, and to compile these takes half of the
// time that a submission takes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tools/process/process.hpp"

namespace lab::grader {

// Runs a compiler in the sandbox: its words, the folder that it may write to, and those that it may read.
using CompileIn =
    std::function<process::Ran(const std::vector<std::string>& words, const std::filesystem::path& writable,
                               const std::vector<std::filesystem::path>& shown)>;

// How many stay in a folder, 20 MB each. A submission needs three, one for each of its builds.
inline constexpr std::size_t includes_ahead_max = 48;

// Where `includes` stand compiled, one file for each content and each compile command; made if it is not there yet.
// Empty if it can't be made, or if there is nothing to compile: then the submission compiles as it would without.
//
// `folder` keeps them from grade to grade, those that were used last; anybody may delete it between two. `compile` are
// the words of the compile command without source and output. `includes` must name the headers alone that the screen
// allows: what is compiled here is shared by submissions. `headers` is where they are found. Thread safe, and safe
// among processes.
std::filesystem::path includes_ahead(const std::filesystem::path& folder, const std::string& includes,
                                     const std::vector<std::string>& compile, const std::filesystem::path& headers,
                                     const CompileIn& compile_in);

}  // namespace lab::grader
