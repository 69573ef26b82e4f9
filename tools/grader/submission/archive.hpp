// A submission in an archive. All of it happens in memory, within bounds; no program is started for it.
#pragma once

#include <filesystem>
#include <string>
#include <tl/expected.hpp>

#include "tools/grader/submission/candidates.hpp"

namespace lab::grader {

// The error is a sentence.
tl::expected<Sources, std::string> sources_of_archive(const std::filesystem::path& archive);

}  // namespace lab::grader
