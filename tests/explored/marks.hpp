// The marks in buggy's source, "// BUG B1: ...", by which its bugs have a place.
#pragma once

#include <string>
#include <vector>

namespace lab::test {

// The lines, from 1, that mark the bug. Throws std::runtime_error if the file can't be read.
std::vector<int> lines_that_mark(const std::string& bug, const std::string& source_file);

// Whether "session_manager.cpp:57" is at most `lines_max` lines from one of these lines.
bool is_near(const std::string& location, const std::vector<int>& lines, int lines_max);

}  // namespace lab::test
