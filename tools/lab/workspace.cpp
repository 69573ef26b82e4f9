#include "tools/lab/workspace.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <functional>

namespace lab::cli {

namespace fs = std::filesystem;

Workspace::Workspace(const Context& context) : root_(context.root), work_(context.root / "exercises/work") {
  const char* const other = std::getenv("RACELAB_WORK");
  if (other != nullptr && *other != '\0') work_ = fs::absolute(other);
}

fs::path Workspace::page(const exercises::Exercise& exercise, const std::string& file) const {
  return exercises() / (exercise.id + "-" + exercise.name) / file;
}

fs::path Workspace::made() const {
  return build() / "work" / fmt::format("{:016x}", std::hash<std::string>()(work_.lexically_normal().string()));
}

std::string Workspace::shown(const fs::path& path) {
  std::error_code error;
  const fs::path near = fs::proximate(path, error);
  return error ? path.string() : near.string();
}

tl::expected<void, std::string> Workspace::readable() const {
  std::error_code error;
  // A path that can't be followed is not one at whose end there is nothing.
  const auto out_of_reach = [&](const fs::path& path) {
    return tl::unexpected(fmt::format("can't look at {} ({}): give it, and the folders it is in, to this user",
                                      shown(path), error.message()));
  };
  if (!fs::exists(work_, error)) {
    if (error) return out_of_reach(work_);
    return tl::unexpected(fmt::format("there is no working copy {}: ./lab start makes it", shown(work_)));
  }
  if (!fs::is_directory(work_, error))
    return tl::unexpected(fmt::format("{} is no folder: move it away, then ./lab start", shown(work_)));
  for (const char* name : submitted_files) {
    const fs::path file = work_ / name;
    if (!fs::exists(file, error)) {
      if (error) return out_of_reach(file);
      return tl::unexpected(
          fmt::format("{} is missing: bring it back (its first state is {}), or ./lab reset makes a new working copy "
                      "and keeps what is left of this one",
                      shown(file), shown(handout() / name)));
    }
    if (!fs::is_regular_file(file, error) || !std::ifstream(file))
      return tl::unexpected(fmt::format("can't read {}: give it to this user, and make it a file", shown(file)));
  }
  return {};
}

tl::expected<exercises::Index, std::string> Workspace::index() const {
  return exercises::read_index((exercises() / "index.json").string());
}

}  // namespace lab::cli
