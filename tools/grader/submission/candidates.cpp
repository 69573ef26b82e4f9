#include "tools/grader/submission/candidates.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "tools/grader/submission/names.hpp"

namespace lab::grader {

std::optional<std::size_t> Candidates::which(const std::vector<std::string>& parts) {
  if (parts.empty() || std::any_of(parts.begin(), parts.end(), is_litter)) return std::nullopt;
  const auto* const name = std::find(submitted_names.begin(), submitted_names.end(), parts.back());
  if (name == submitted_names.end()) return std::nullopt;
  const auto index = static_cast<std::size_t>(name - submitted_names.begin());
  if (parts.size() <= 2) return index;
  too_deep_.at(index) = fmt::format("{}", fmt::join(parts, "/"));
  return std::nullopt;
}

tl::expected<void, std::string> Candidates::add(std::size_t which, const std::vector<std::string>& parts,
                                                std::string text) {
  std::string path = fmt::format("{}", fmt::join(parts, "/"));
  if (found_.at(which)) {
    return tl::unexpected(fmt::format("both {} and {} are there: leave the one that counts",
                                      in_quotes(found_.at(which)->path), in_quotes(path)));
  }
  found_.at(which) = {parts.size() > 1 ? parts.front() : "", std::move(path), std::move(text)};
  return {};
}

tl::expected<Sources, std::string> Candidates::both(const std::string& submitted) {
  for (std::size_t i = 0; i < found_.size(); ++i) {
    if (found_.at(i)) continue;
    if (!too_deep_.at(i).empty()) {
      return tl::unexpected(fmt::format("{} lies too deep in {}: put both files at the top or in one folder",
                                        in_quotes(too_deep_.at(i)), in_quotes(submitted)));
    }
    return tl::unexpected(fmt::format("there is no {} in {}, at the top or in one folder: hand in both files",
                                      submitted_names.at(i), in_quotes(submitted)));
  }
  if (found_[0]->folder != found_[1]->folder) {
    return tl::unexpected(fmt::format("{} and {} lie apart: put both files into one folder", in_quotes(found_[0]->path),
                                      in_quotes(found_[1]->path)));
  }
  return Sources{found_[0]->folder, {std::move(found_[0]->text), std::move(found_[1]->text)}};
}

}  // namespace lab::grader
