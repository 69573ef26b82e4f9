#include "tools/process/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <system_error>

namespace lab::process {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int status_not_started = 127;

[[noreturn]] void refuse(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::string_view name_of(std::string_view entry) { return entry.substr(0, entry.find('=')); }

// This process's environment, with entries of the same name replaced.
std::vector<std::string> environment_with(const std::vector<std::string>& added) {
  std::vector<std::string> all = added;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const auto same = [&](const std::string& one) { return name_of(one) == name_of(*entry); };
    if (std::none_of(added.begin(), added.end(), same)) all.emplace_back(*entry);
  }
  return all;
}

// In the child: gives it `passed` as 3, 4, ... They are first moved out of each other's way.
bool pass_on(std::vector<int>& passed) {
  const int first = STDERR_FILENO + 1;
  const int beyond = first + static_cast<int>(passed.size());
  for (int& one : passed)
    if (one >= 0 && (one = ::fcntl(one, F_DUPFD_CLOEXEC, beyond)) < 0) return false;
  for (int number = first; number < beyond; ++number) {
    const int one = passed[static_cast<std::size_t>(number - first)];
    if (one < 0) (void)::close(number);
    if (one >= 0 && ::dup2(one, number) < 0) return false;
  }
  return true;
}

struct Plan {
  char* const* words;
  char* const* environment;
  const char* folder;
  int output;
  bool own_group;
  bool secluded;
  std::vector<int> passed;
};

// In the child, after fork: only calls that POSIX allows there, or that are the system's own.
[[noreturn]] void become(Plan& plan) {
  if (plan.own_group) {
    (void)(plan.secluded ? ::setsid() : ::setpgid(0, 0));
    (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);  // the terminal's signals do not reach it, so its parent's end has to
  }
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing < 0 || ::dup2(nothing, STDIN_FILENO) < 0 || ::dup2(plan.output, STDOUT_FILENO) < 0 ||
      ::dup2(plan.output, STDERR_FILENO) < 0 || (*plan.folder != '\0' && ::chdir(plan.folder) != 0) ||
      !pass_on(plan.passed)) {
    ::_exit(status_not_started);
  }
  const auto others = static_cast<unsigned>(STDERR_FILENO + 1) + static_cast<unsigned>(plan.passed.size());
  if (plan.secluded && ::close_range(others, std::numeric_limits<unsigned>::max(), 0) != 0) {
    ::_exit(status_not_started);
  }
  ::execvpe(plan.words[0], plan.words, plan.environment);
  ::_exit(status_not_started);
}

// What is read, as lines for whom wants them, else as it is; no more than may be.
class Sink {
public:
  Sink(Ran& ran, std::size_t output_max, const OnLine& on_line) : ran_(ran), left_(output_max), on_line_(on_line) {}
  ~Sink() {
    if (!line_.empty()) on_line_(line_);
  }
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  void take(std::string_view bytes) {
    if (bytes.size() > left_) ran_.output_cut = true;
    bytes = bytes.substr(0, left_);
    left_ -= bytes.size();
    if (!on_line_) {
      ran_.output += bytes;
      return;
    }
    for (const char c : bytes) {
      if (c != '\n') {
        line_ += c;
        continue;
      }
      on_line_(line_);
      line_.clear();
    }
  }

private:
  Ran& ran_;
  std::size_t left_;
  const OnLine& on_line_;
  std::string line_;
};

// Reads until all writers are gone, or there is a reason to end them, which is noted.
void read_all(int from, const Command& command, bool own_group, Clock::time_point begun, Ran& ran, Sink& sink) {
  std::array<char, 65536> buffer{};
  for (;;) {
    if (own_group) {
      ran.over_time = command.limit != Command::no_limit && Clock::now() - begun >= command.limit;
      ran.cancelled = !ran.over_time && command.unwanted && command.unwanted();
      if (ran.over_time || ran.cancelled) return;
    }
    pollfd ready{from, POLLIN, 0};
    const int polled = ::poll(&ready, 1, own_group ? static_cast<int>(Command::poll_interval.count()) : -1);
    if (polled < 0 && errno != EINTR) refuse("poll");
    if (polled <= 0) continue;
    const ssize_t got = ::read(from, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    sink.take({buffer.data(), static_cast<std::size_t>(got)});
  }
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

Ran run(const Command& command, const OnLine& on_line) {
  const bool own_group = command.limit != Command::no_limit || command.unwanted || command.secluded;
  std::vector<std::string> words = command.words;
  std::vector<std::string> environment = command.secluded ? command.environment : environment_with(command.environment);
  const std::vector<char*> word_pointers = pointers_to(words);
  const std::vector<char*> environment_pointers = pointers_to(environment);
  const std::string folder = command.folder.string();

  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) refuse("pipe2");
  Plan plan{word_pointers.data(), environment_pointers.data(), folder.c_str(), ends[1], own_group, command.secluded,
            command.passed};
  const Clock::time_point begun = Clock::now();
  const pid_t child = ::fork();
  if (child < 0) {
    const int error = errno;
    ::close(ends[0]);
    ::close(ends[1]);
    errno = error;
    refuse("fork");
  }
  if (child == 0) become(plan);
  // Here too: a kill must not come before the child's own call. The leader of a group could make no session, though.
  if (own_group && !command.secluded) (void)::setpgid(child, child);
  ::close(ends[1]);
  if (command.on_start) command.on_start(child);

  Ran ran;
  {
    Sink sink(ran, command.output_max, on_line);
    read_all(ends[0], command, own_group, begun, ran, sink);
  }
  ::close(ends[0]);
  // It may have closed its output and live on. As long as it was not waited for, its group's number is not reused.
  siginfo_t ended{};
  while (own_group && !ran.over_time && !ran.cancelled &&
         ::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == 0) {
    ran.over_time = command.limit != Command::no_limit && Clock::now() - begun >= command.limit;
    ran.cancelled = !ran.over_time && command.unwanted && command.unwanted();
    (void)::poll(nullptr, 0, 1);
  }
  if (own_group) {
    (void)::kill(-child, SIGKILL);
    (void)::kill(child, SIGKILL);  // it may be before its call of setsid, and then has no group, nor started anything
  }
  int status = 0;
  rusage used{};
  while (::wait4(child, &status, 0, &used) < 0 && errno == EINTR) {
  }
  ran.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (WIFSIGNALED(status) && !ran.over_time && !ran.cancelled) ran.signal = WTERMSIG(status);
  ran.started = ran.status != status_not_started;
  return ran;
}

}  // namespace lab::process
