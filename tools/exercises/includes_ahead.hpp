// What copies and submissions include, compiled ahead: most begin with the same includes, and to compile these takes
// half of the time that a copy takes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tools/process/process.hpp"

namespace lab::exercises {

// Runs a compiler, in a sandbox or not: its words, the folder that it may write to, and those that it may read.
using CompileIn =
    std::function<process::Ran(const std::vector<std::string>& words, const std::filesystem::path& writable,
                               const std::vector<std::filesystem::path>& shown)>;

// How many stay in a folder, 20 MB each. A copy needs one, a submission three: one for each of its builds.
inline constexpr std::size_t includes_ahead_max = 48;

// Where `includes` (includes.hpp) stand compiled, one file for each content and each compile command; made if it is not
// there yet, or was made before `since`. Empty if it can't be made, or if there is nothing to compile: then the copy
// compiles as it would without. Whoever is told by a failure that what is there is outdated may delete its folder.
//
// `folder` keeps them from time to time, those that were used last; anybody may delete it between two. `compile` are
// the words of the compile command without source and output. What is compiled here is shared: the grader's `includes`
// must name the headers alone that the screen allows. `headers` is where they are found. Thread safe, and safe among
// processes.
std::filesystem::path includes_ahead(const std::filesystem::path& folder, const std::string& includes,
                                     const std::vector<std::string>& compile, const std::filesystem::path& headers,
                                     const CompileIn& compile_in,
                                     std::filesystem::file_time_type since = std::filesystem::file_time_type::min());

}  // namespace lab::exercises
