// Reading a file of a submission, which may be anything.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace lab::grader {

// The first `bytes_max` + 1 bytes at most, so that the caller sees whether there are more than bytes_max. Nothing if it
// is no regular file (a link is none) or can't be read.
std::optional<std::string> read_regular_file(const std::filesystem::path& path, std::size_t bytes_max);

}  // namespace lab::grader
