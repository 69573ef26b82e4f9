#include "tools/exercises/includes.hpp"

#include <sstream>

namespace lab::exercises {
namespace {

bool says_nothing(const std::string& line) {
  return line.starts_with("//") || line.starts_with("#pragma once") ||
         line.find_first_not_of(" \t\r") == std::string::npos;
}

bool begins_with_its_header(const std::string& source) {
  std::istringstream lines(source);
  std::string line;
  while (std::getline(lines, line)) {
    if (!says_nothing(line)) return line.starts_with("#include \"session_manager.hpp\"");
  }
  return false;
}

}  // namespace

std::string leading_includes(const std::string& header, const std::string& source) {
  if (!begins_with_its_header(source)) return "";
  std::string includes;
  std::istringstream lines(header);
  for (std::string line; std::getline(lines, line);) {
    if (line.find('\\') != std::string::npos) break;  // it may go on in the next
    if (says_nothing(line)) continue;
    if (!line.starts_with("#include ")) break;
    // What is in quotes is looked for beside the copy first, where common/ is not.
    if (line.starts_with("#include \"") && !line.starts_with("#include \"common/")) break;
    const std::size_t name = std::string("#include ").size();
    const std::size_t end = line.find(line[name] == '<' ? '>' : '"', name + 1);
    if (end == std::string::npos || line.find("/*") != std::string::npos) break;
    includes += line.substr(0, end + 1) + "\n";
  }
  return includes;
}

}  // namespace lab::exercises
