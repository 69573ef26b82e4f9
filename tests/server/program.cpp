#include "tests/server/program.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace lab::server::test {

Program::Program(const std::string& path, const std::filesystem::path& database, const std::string& framework,
                 const std::vector<std::string>& more) {
  std::vector<std::string> words = {path, "--database", database.string(), "--framework", framework, "--port", "0"};
  words.insert(words.end(), more.begin(), more.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  process_ = ::fork();
  if (process_ == 0) {
    (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)::dup2(ends[1], STDOUT_FILENO);
    (void)::dup2(ends[1], STDERR_FILENO);
    ::execv(pointers[0], pointers.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  output_ = ends[0];
  std::array<char, 512> buffer{};
  while (said_.find("Ctrl-C") == std::string::npos) {
    const ssize_t got = ::read(output_, buffer.data(), buffer.size());
    if (got <= 0) return;
    said_.append(buffer.data(), static_cast<std::size_t>(got));
  }
  const std::size_t colon = said_.find(':', said_.find("http://") + 7);
  port_ = static_cast<std::uint16_t>(std::atoi(said_.c_str() + colon + 1));
}

Program::~Program() {
  send(SIGKILL);
  (void)wait();
  ::close(output_);
}

void Program::send(int signal) const {
  if (process_ > 0) (void)::kill(process_, signal);
}

int Program::wait() {
  if (process_ <= 0) return -1;
  std::array<char, 4096> buffer{};
  for (ssize_t got = 0; (got = ::read(output_, buffer.data(), buffer.size())) > 0;)
    said_.append(buffer.data(), static_cast<std::size_t>(got));
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace lab::server::test
