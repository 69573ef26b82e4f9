#include "tools/grader/submission/folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "tools/grader/submission/names.hpp"
#include "tools/grader/submission/regular_file.hpp"
#include "tools/grader/submission/submission.hpp"

namespace lab::grader {
namespace {

// One level below the top: there, further folders are noted as too deep, but not entered but once.
constexpr std::size_t levels = 3;

class Walk {
public:
  explicit Walk(std::string top) : top_(std::move(top)) {}

  // The error is a sentence.
  tl::expected<void, std::string> into(int parent, const std::string& name, const std::vector<std::string>& parts) {
    const int links = parts.empty() ? 0 : O_NOFOLLOW;
    const int folder = ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | links);
    if (folder < 0) {
      // What is no folder, or one that is closed to us, holds no submission; unless it is all there is.
      if (!parts.empty()) return {};
      return tl::unexpected(
          fmt::format("the folder {} can't be read ({}): make it readable", in_quotes(top_), std::strerror(errno)));
    }
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(folder), ::closedir);
    if (!stream) {
      ::close(folder);
      return tl::unexpected(fmt::format("the folder {} can't be read: make it readable", in_quotes(top_)));
    }
    std::vector<std::string> names;
    while (const dirent* const entry = ::readdir(stream.get())) {
      const std::string_view one = entry->d_name;
      if (one == "." || one == "..") continue;
      if (++entries_ > submission_entries_max) {
        return tl::unexpected(
            fmt::format("{} holds more than {} files: hand in the two alone", in_quotes(top_), submission_entries_max));
      }
      names.emplace_back(one);
    }
    // So that of several faults the same one is told each time.
    std::sort(names.begin(), names.end());
    for (const std::string& one : names) {
      auto looked = at(folder, one, parts);
      if (!looked) return looked;
    }
    return {};
  }

  Candidates& candidates() { return candidates_; }

private:
  tl::expected<void, std::string> at(int folder, const std::string& name, std::vector<std::string> parts) {
    if (is_litter(name)) return {};
    const std::vector<std::string> around = parts;
    parts.push_back(name);
    const auto which = candidates_.which(parts);
    if (!which) return parts.size() < levels ? into(folder, name, parts) : tl::expected<void, std::string>();
    auto text = read_regular(folder, name, submission_file_max, Links::refused);
    if (!text) {
      std::string path = around.empty() ? name : around.front() + "/" + name;
      return tl::unexpected(fmt::format("{} {}", in_quotes(path), text.error()));
    }
    return candidates_.add(*which, parts, std::move(*text));
  }

  const std::string top_;
  std::size_t entries_ = 0;
  Candidates candidates_;
};

}  // namespace

tl::expected<Sources, std::string> sources_of_folder(const std::filesystem::path& folder) {
  Walk walk(folder.string());
  auto walked = walk.into(AT_FDCWD, folder.string(), {});
  if (!walked) return tl::unexpected(std::move(walked.error()));
  return walk.candidates().both(folder.string());
}

}  // namespace lab::grader
