#include "tools/exercises/hints.hpp"

#include <fstream>

namespace lab::exercises {

tl::expected<std::vector<std::string>, std::string> read_hints(const std::string& file) {
  std::ifstream in(file);
  if (!in) return tl::unexpected("can't read " + file);
  const std::string heading = "## ";
  std::vector<std::string> hints;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(heading)) {
      if (line.substr(heading.size()) != std::to_string(hints.size() + 1))
        return tl::unexpected(file + ": \"" + line + "\" stands where hint " + std::to_string(hints.size() + 1) +
                              " belongs");
      hints.emplace_back();
    } else if (!hints.empty() && (!line.empty() || !hints.back().empty())) {
      hints.back() += line + "\n";
    }
  }
  if (hints.empty()) return tl::unexpected(file + " has no hint");
  for (std::string& hint : hints) {
    while (!hint.empty() && hint.back() == '\n') hint.pop_back();
    if (hint.empty()) return tl::unexpected(file + " has an empty hint");
  }
  return hints;
}

}  // namespace lab::exercises
