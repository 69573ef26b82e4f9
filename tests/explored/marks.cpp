#include "tests/explored/marks.hpp"

#include <cstdlib>
#include <fstream>
#include <regex>
#include <stdexcept>

namespace lab::test {

std::vector<int> lines_that_mark(const std::string& bug, const std::string& source_file) {
  std::ifstream in(source_file);
  if (!in) throw std::runtime_error("can't read " + source_file);
  const std::regex mark("// (BUG )?" + bug + "\\b");  // "B5 again" marks one too
  std::vector<int> lines;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (std::regex_search(line, mark)) lines.push_back(number);
  }
  return lines;
}

bool is_near(const std::string& location, const std::vector<int>& lines, int lines_max) {
  const std::size_t colon = location.rfind(':');
  if (colon == std::string::npos) return false;
  const int line = std::atoi(location.c_str() + colon + 1);
  for (const int mark : lines) {
    if (std::abs(line - mark) <= lines_max) return true;
  }
  return false;
}

}  // namespace lab::test
