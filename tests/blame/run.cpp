#include "tests/blame/run.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

namespace lab::test {
namespace {

using Steady = std::chrono::steady_clock;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

// In the child, between fork and exec.
[[noreturn]] void become(const std::vector<std::string>& command, const std::vector<std::string>& environment,
                         int output) {
  (void)::setpgid(0, 0);
  (void)::dup2(output, STDOUT_FILENO);
  (void)::dup2(output, STDERR_FILENO);
  for (const std::string& entry : environment) {
    const std::size_t at = entry.find('=');
    (void)::setenv(entry.substr(0, at).c_str(), entry.substr(at + 1).c_str(), 1);
  }
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  (void)::execv(words[0], words.data());
  ::_exit(127);
}

// Reads until all writers are gone or the limit has come. False: the limit.
bool read_all(int from, std::string& output, Steady::time_point limit) {
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(limit - Steady::now()).count();
    if (left <= 0) return false;
    pollfd ready{from, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(left)) <= 0) continue;
    const ssize_t got = ::read(from, buffer.data(), buffer.size());
    if (got == 0) return true;
    if (got > 0) output.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

Ran run(const std::vector<std::string>& command, const std::vector<std::string>& environment,
        std::chrono::milliseconds limit) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
  const pid_t child = ::fork();
  if (child < 0) fail("fork");
  if (child == 0) become(command, environment, ends[1]);
  (void)::setpgid(child, child);  // here too: the kill below must not come before the child's own call
  (void)::close(ends[1]);

  Ran ran;
  ran.over_time = !read_all(ends[0], ran.output, Steady::now() + limit);
  (void)::close(ends[0]);
  // Whoever is left of its group has let go of the output, or is out of time: neither is waited for.
  if (ran.over_time) (void)::kill(-child, SIGKILL);
  int status = 0;
  rusage used{};
  while (::wait4(child, &status, 0, &used) < 0 && errno == EINTR) {
  }
  ran.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
  if (WIFEXITED(status)) ran.status = WEXITSTATUS(status);
  if (WIFSIGNALED(status) && !ran.over_time) ran.signal = WTERMSIG(status);
  return ran;
}

}  // namespace lab::test
