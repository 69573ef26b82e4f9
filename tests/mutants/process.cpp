#include "tests/mutants/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace lab::mutants {
namespace {

constexpr int status_not_started = 127;

// In the child, after fork: only calls that POSIX allows there.
[[noreturn]] void become(const std::vector<char*>& words, const char* folder, int output) {
  (void)::setpgid(0, 0);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing < 0 || ::dup2(nothing, STDIN_FILENO) < 0 || ::dup2(output, STDOUT_FILENO) < 0 ||
      ::dup2(output, STDERR_FILENO) < 0 || ::chdir(folder) != 0) {
    ::_exit(status_not_started);
  }
  ::execvp(words[0], words.data());
  ::_exit(status_not_started);
}

// Reads until the other end is closed or the deadline has come; false: the latter.
bool read_until(int end, std::chrono::steady_clock::time_point deadline, std::string& output) {
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd wanted{end, POLLIN, 0};
    const int ready = ::poll(&wanted, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "poll");
    if (ready <= 0) continue;
    const ssize_t got = ::read(end, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    output.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

Ran run(const std::vector<std::string>& words, const std::filesystem::path& folder, std::chrono::seconds limit) {
  std::vector<std::string> copies = words;
  std::vector<char*> pointers;
  for (std::string& word : copies) pointers.push_back(word.data());
  pointers.push_back(nullptr);

  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
  const pid_t child = ::fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) become(pointers, folder.c_str(), ends[1]);
  (void)::setpgid(child, child);  // here too, so that it holds whoever comes first
  ::close(ends[1]);

  Ran ran;
  ran.timed_out = !read_until(ends[0], std::chrono::steady_clock::now() + limit, ran.output);
  (void)::kill(-child, SIGKILL);  // what is left of the group; after a timely end nothing that was waited for
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ran;
}

}  // namespace lab::mutants
