// The whole of a file, byte for byte; nothing if it can't be read.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace lab::process {

inline std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace lab::process
