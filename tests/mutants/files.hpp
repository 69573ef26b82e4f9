// Whole files, in and out.
#pragma once

#include <filesystem>
#include <string>

#include "tests/mutants/source.hpp"

namespace lab::mutants {

// Throw std::runtime_error, with the path.
std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, const std::string& text);

// Its messages call the file by its name alone.
Source read_source(const std::filesystem::path& path);

}  // namespace lab::mutants
