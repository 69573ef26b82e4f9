// The first part of the screen: what the text itself may not contain, before any compiler sees it.
#pragma once

#include <cstddef>
#include <filesystem>

#include "tools/grader/screen/objection.hpp"

namespace lab::grader {

// The two files of a submission. Nothing else in its folder is looked at, or may be compiled.
inline constexpr const char* header_name = "session_manager.hpp";
inline constexpr const char* source_name = "session_manager.cpp";

// A generous limit: the longest manager of ours has 25 KB. Checked before anything is read.
inline constexpr std::size_t text_bytes_max = 256 * 1024;

// Reads the two files. At most one objection a line and rule, in the order of the lines, the source's first.
Objections objections_to_text(const std::filesystem::path& folder);

}  // namespace lab::grader
