#include "tests/mutants/files.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace lab::mutants {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw std::runtime_error("can't read " + path.string());
  return text.str();
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  if (!file) throw std::runtime_error("can't write " + path.string());
}

Source read_source(const std::filesystem::path& path) { return {path.filename().string(), read_file(path)}; }

}  // namespace lab::mutants
