#include "tools/grader/sandbox/record.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <sstream>
#include <string_view>
#include <system_error>

namespace lab::grader {

Told told_by(const std::string& lines) {
  constexpr std::string_view failed = "failed: ";
  constexpr std::string_view ended = "ended ";
  Told told;
  std::istringstream all(lines);
  for (std::string line; std::getline(all, line);) {
    if (line == "started") told.started = true;
    if (line.rfind(failed, 0) == 0) told.failed = line.substr(failed.size());
    if (line.rfind(ended, 0) != 0) continue;
    int status = 0;
    const auto [end, error] = std::from_chars(line.data() + ended.size(), line.data() + line.size(), status);
    if (error == std::errc() && end == line.data() + line.size()) told.ended = status;
  }
  return told;
}

Record::Record() : file_(::memfd_create("record", MFD_CLOEXEC)) {
  if (file_ < 0) throw std::system_error(errno, std::generic_category(), "memfd_create");
}

Record::~Record() { ::close(file_); }

Told Record::told() const {
  std::array<char, 4096> buffer{};
  const ssize_t got = ::pread(file_, buffer.data(), buffer.size(), 0);
  return told_by(std::string(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0));
}

}  // namespace lab::grader
