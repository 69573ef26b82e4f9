#include "tools/grader/sandbox/record.hpp"

#include <fcntl.h>
#include <unistd.h>

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

Record::Record() {
  if (::pipe2(ends_.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
  (void)::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
}

Record::~Record() {
  for (const int end : ends_) ::close(end);
}

Told Record::told() const {
  std::string lines;
  std::array<char, 4096> buffer{};
  for (ssize_t got = 0; (got = ::read(ends_[0], buffer.data(), buffer.size())) > 0;) {
    lines.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return told_by(lines);
}

}  // namespace lab::grader
