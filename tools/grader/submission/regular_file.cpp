#include "tools/grader/submission/regular_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace lab::grader {
namespace {

constexpr std::size_t piece = 65536;

// Why it is not read; empty: it may be.
std::string fault_of(const struct stat& status, std::size_t bytes_max, Links links) {
  if (S_ISLNK(status.st_mode)) return "is a link: put the file itself in its place";
  if (!S_ISREG(status.st_mode)) return "is no regular file: put one in its place";
  if (links == Links::refused && status.st_nlink > 1) return "is a link to a file: put a copy in its place";
  if (static_cast<std::size_t>(status.st_size) > bytes_max) {
    return fmt::format("is larger than {} KiB: make it smaller", bytes_max >> 10);
  }
  return {};
}

tl::unexpected<std::string> unreadable() {
  return tl::unexpected(fmt::format("can't be read ({}): make it readable", std::strerror(errno)));
}

}  // namespace

tl::expected<std::string, std::string> read_regular(int folder, const std::string& name, std::size_t bytes_max,
                                                    Links links) {
  const bool follow = links == Links::followed;
  struct stat status {};
  // Before it is opened, which is what some devices wait for.
  if (::fstatat(folder, name.c_str(), &status, follow ? 0 : AT_SYMLINK_NOFOLLOW) != 0) return unreadable();
  if (std::string fault = fault_of(status, bytes_max, links); !fault.empty()) return tl::unexpected(std::move(fault));
  const int file =
      ::openat(folder, name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | (follow ? 0 : O_NOFOLLOW));
  if (file < 0) return unreadable();
  // And after: it may be another by now.
  std::string fault;
  if (::fstat(file, &status) != 0) fault = "can't be looked at: hand it in again";
  if (fault.empty()) fault = fault_of(status, bytes_max, links);

  std::string text;
  ssize_t got = 1;
  while (fault.empty() && got > 0 && text.size() <= bytes_max) {
    const std::size_t before = text.size();
    text.resize(before + piece);
    got = ::read(file, text.data() + before, piece);
    text.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  }
  if (got < 0) fault = fmt::format("can't be read ({}): make it readable", std::strerror(errno));
  if (text.size() > bytes_max) fault = fmt::format("is larger than {} KiB: make it smaller", bytes_max >> 10);
  ::close(file);
  if (!fault.empty()) return tl::unexpected(std::move(fault));
  return text;
}

}  // namespace lab::grader
