// A submission in a folder: only its top and the folders in that are looked at.
#pragma once

#include <filesystem>
#include <string>
#include <tl/expected.hpp>

#include "tools/grader/submission/candidates.hpp"

namespace lab::grader {

// The error is a sentence.
tl::expected<Sources, std::string> sources_of_folder(const std::filesystem::path& folder);

}  // namespace lab::grader
