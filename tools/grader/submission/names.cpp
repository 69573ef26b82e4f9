#include "tools/grader/submission/names.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tools/grader/submission/submission.hpp"

namespace lab::grader {
namespace {

constexpr std::size_t quoted_max = 120;

bool is_utf8(std::string_view name) {
  try {
    (void)nlohmann::json(name).dump();
    return true;
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

}  // namespace

std::string in_quotes(std::string_view name) {
  std::string text(name.substr(0, quoted_max));
  if (name.size() > quoted_max) text += "...";
  return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::string fault_of_name(std::string_view name) {
  if (name.empty()) return "has no name";
  if (!is_utf8(name)) return "has a name that is not UTF-8";
  if (std::any_of(name.begin(), name.end(), is_control)) return "has a control character in its name";
  if (name.find('\\') != std::string_view::npos) return "has a backslash in its name";
  if (name.front() == '/') return "has an absolute name";
  const std::vector<std::string> parts = parts_of(name);
  if (std::find(parts.begin(), parts.end(), "..") != parts.end()) return "leads out of the archive";
  if (parts.size() > submission_depth_max) return "lies too deep";
  return {};
}

std::vector<std::string> parts_of(std::string_view name) {
  std::vector<std::string> parts;
  while (!name.empty()) {
    const std::size_t end = std::min(name.find('/'), name.size());
    const std::string_view part = name.substr(0, end);
    if (!part.empty() && part != ".") parts.emplace_back(part);
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return parts;
}

bool is_litter(std::string_view part) {
  return part == "__MACOSX" || part == ".DS_Store" || part == ".git" || part.substr(0, 2) == "._";
}

}  // namespace lab::grader
