#include "tools/lab/process.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace lab::cli {
namespace {

constexpr int status_not_started = 127;

// In the child, after fork: only calls that POSIX allows there.
[[noreturn]] void become(const std::vector<char*>& words, const std::string& folder, int output) {
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing < 0 || ::dup2(nothing, STDIN_FILENO) < 0 || ::dup2(output, STDOUT_FILENO) < 0 ||
      ::dup2(output, STDERR_FILENO) < 0 || (!folder.empty() && ::chdir(folder.c_str()) != 0)) {
    ::_exit(status_not_started);
  }
  ::execvp(words[0], words.data());
  ::_exit(status_not_started);
}

}  // namespace

Outcome run(const Command& command, const std::function<void(const std::string&)>& on_line) {
  std::vector<std::string> words = command.words;
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const std::string folder = command.folder.string();

  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  const pid_t child = ::fork();
  if (child < 0) {
    ::close(ends[0]);
    ::close(ends[1]);
    return {};
  }
  if (child == 0) become(pointers, folder, ends[1]);
  ::close(ends[1]);

  std::string line;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t got = ::read(ends[0], buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    for (const char c : std::string_view(buffer.data(), static_cast<std::size_t>(got))) {
      if (c != '\n') {
        line += c;
        continue;
      }
      on_line(line);
      line.clear();
    }
  }
  if (!line.empty()) on_line(line);
  ::close(ends[0]);

  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  Outcome outcome;
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.started = outcome.status != status_not_started;
  return outcome;
}

}  // namespace lab::cli
