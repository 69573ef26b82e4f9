#include "tools/grader/submission/submission.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "tools/grader/submission/archive.hpp"
#include "tools/grader/submission/candidates.hpp"
#include "tools/grader/submission/folder.hpp"
#include "tools/grader/submission/names.hpp"

namespace lab::grader {
namespace {

namespace fs = std::filesystem;

constexpr mode_t plain = 0644;

// A new file in the folder. Empty, or what failed.
std::string write_new(int folder, const std::string& name, std::string_view text) {
  const int file = ::openat(folder, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, plain);
  if (file < 0) return std::strerror(errno);
  bool whole = ::fchmod(file, plain) == 0;  // whatever the mask of this process takes away
  while (whole && !text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    whole = written > 0 || errno == EINTR;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  const std::string failure = whole ? "" : std::strerror(errno);
  ::close(file);
  if (!whole) ::unlinkat(folder, name.c_str(), 0);
  return failure;
}

}  // namespace

tl::expected<Taken, std::string> take_submission(const fs::path& submitted, const fs::path& into) {
  std::error_code error;
  const fs::file_status status = fs::status(submitted, error);
  if (!fs::exists(status)) {
    return tl::unexpected(fmt::format("there is no {}: name a folder or an archive", in_quotes(submitted.string())));
  }
  auto sources = fs::is_directory(status) ? sources_of_folder(submitted) : sources_of_archive(submitted);
  if (!sources) return tl::unexpected(std::move(sources.error()));

  const int folder = ::open(into.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  std::string failure = folder < 0 ? std::strerror(errno) : "";
  for (std::size_t i = 0; i < submitted_names.size() && failure.empty(); ++i) {
    failure = write_new(folder, std::string(submitted_names.at(i)), sources->texts.at(i));
    if (!failure.empty() && i > 0) ::unlinkat(folder, std::string(submitted_names.at(0)).c_str(), 0);
  }
  if (folder >= 0) ::close(folder);
  if (!failure.empty()) {
    return tl::unexpected(
        fmt::format("the submission can't be copied to {} ({}): name a new folder", in_quotes(into.string()), failure));
  }
  return Taken{sources->folder};
}

}  // namespace lab::grader
