#include "tools/grader/sandbox/processes.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace lab::grader {
namespace {

struct Process {
  pid_t number = 0;
  bool ended = false;
  pid_t session = 0;
  std::size_t resident = 0;
};

// Empty if it is not there any more, or is not ours to read.
std::string text_of(pid_t process, const char* name) {
  const std::string path = "/proc/" + std::to_string(process) + "/" + name;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::array<char, 4096> buffer{};
  const ssize_t got = ::read(file, buffer.data(), buffer.size());
  ::close(file);
  return {buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
}

// The fields of proc(5): the name, which may hold anything, ends with the last parenthesis; then state, parent, group
// and session, and resident pages as the 24th of all. Each look reads this of every process of the machine, so it is
// read in place.
std::optional<Process> parsed(pid_t number, const std::string& stat) {
  constexpr int session_field = 6, pages_field = 24;
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos || name_end + 2 >= stat.size()) return std::nullopt;
  Process process{.number = number};
  const char state = stat[name_end + 2];
  process.ended = state == 'Z' || state == 'X';
  const char* at = stat.c_str() + name_end + 3;
  for (int field = 4; field <= pages_field; ++field) {
    char* end = nullptr;
    const unsigned long long value = std::strtoull(at, &end, 10);
    if (end == at) return std::nullopt;
    at = end;
    if (field == session_field) process.session = static_cast<pid_t>(value);
    if (field == pages_field) process.resident = value * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  }
  return process;
}

std::vector<pid_t> numbers() {
  std::vector<pid_t> all;
  DIR* const folder = ::opendir("/proc");
  if (folder == nullptr) return all;
  while (const dirent* const entry = ::readdir(folder)) {
    const pid_t number = static_cast<pid_t>(std::strtol(entry->d_name, nullptr, 10));
    if (number > 0) all.push_back(number);
  }
  ::closedir(folder);
  return all;
}

std::vector<Process> all_of(pid_t session) {
  std::vector<Process> all;
  for (const pid_t number : numbers()) {
    const std::optional<Process> process = parsed(number, text_of(number, "stat"));
    if (process && process->session == session && !process->ended) all.push_back(*process);
  }
  return all;
}

// The number that follows the name, of a file with a line for each.
std::optional<std::size_t> number_after(const std::string& text, const std::string& name) {
  const std::size_t at = text.find(name);
  if (at == std::string::npos) return std::nullopt;
  return std::strtoull(text.c_str() + at + name.size(), nullptr, 10);
}

}  // namespace

std::size_t resident(pid_t session, std::size_t enough) {
  const std::vector<Process> processes = all_of(session);
  std::size_t sum = 0;
  for (const Process& process : processes) sum += process.resident;
  if (sum <= enough || processes.size() < 2) return sum;
  std::size_t shares = 0;
  for (const Process& process : processes) {
    const auto share = number_after(text_of(process.number, "smaps_rollup"), "\nPss:");
    shares += share ? *share * 1024 : process.resident;
  }
  return shares;
}

bool runs_session(pid_t session) { return !all_of(session).empty(); }

bool runs_account(uid_t account) {
  for (const pid_t number : numbers()) {
    const std::string status = text_of(number, "status");
    if (status.find("\nState:\tZ") != std::string::npos || status.find("\nState:\tX") != std::string::npos) continue;
    if (number_after(status, "\nUid:") == account) return true;
  }
  return false;
}

}  // namespace lab::grader
