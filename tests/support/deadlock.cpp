#include "tests/support/deadlock.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <thread>

// Proof that the answer is right. Linux counts each time that a thread goes to sleep of its own accord. A look reads a
// thread's count first, and then what it sleeps in; so a thread with the same count at two looks, asleep at both, has
// not run in between, as it would have had to go to sleep once more. So there was a moment, the end of the first look,
// when all slept. A wait for a futex without a time-out ends when somebody wakes the sleeper, and those who could have
// were asleep themselves, all but the caller. They still are.

namespace lab::test {
namespace {

std::set<pid_t> threads() {
  std::set<pid_t> all;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task", error))
    all.insert(static_cast<pid_t>(std::stol(entry.path().filename())));
  return all;
}

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LAB_TOOL_HAS_THREADS
#endif
#endif

#ifdef LAB_TOOL_HAS_THREADS
std::set<pid_t>& threads_of_tool() {
  static std::set<pid_t> all;  // not one of the file's: these are made after find_threads_of_tool() has run
  return all;
}
// ThreadSanitizer starts a thread of its own with the program's first one. The program's others come later: this runs
// before the initialisation of any other object.
__attribute__((constructor(101))) void find_threads_of_tool() {
  pid_t first = 0;
  std::thread([&first] { first = ::gettid(); }).join();
  threads_of_tool() = threads();
  threads_of_tool().erase(first);
  threads_of_tool().erase(::getpid());
}
bool is_of_tool(pid_t thread) { return threads_of_tool().contains(thread); }
#else
bool is_of_tool(pid_t) { return false; }
#endif

std::ifstream file_of(pid_t thread, const char* name) {
  return std::ifstream("/proc/self/task/" + std::to_string(thread) + "/" + name);
}

// How often the thread had gone to sleep, if it sleeps in a wait that only another thread ends.
std::optional<unsigned long> sleeps_of(pid_t thread) {
  std::optional<unsigned long> sleeps;
  const std::string head = "voluntary_ctxt_switches:";
  std::ifstream status = file_of(thread, "status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(head)) sleeps = std::stoul(line.substr(head.size()));
  // "running", or the number of the system call and its arguments, of which a futex' are: address, operation, value,
  // time-out.
  std::ifstream syscall = file_of(thread, "syscall");
  long number = -1;
  unsigned long address = 0;
  unsigned long operation = 0;
  unsigned long value = 0;
  unsigned long timeout = 1;
  syscall >> std::dec >> number >> std::hex >> address >> operation >> value >> timeout;
  const int waits = static_cast<int>(operation) & FUTEX_CMD_MASK;
  if (!syscall || number != SYS_futex || timeout != 0) return std::nullopt;
  if (waits != FUTEX_WAIT && waits != FUTEX_WAIT_BITSET && waits != FUTEX_LOCK_PI) return std::nullopt;
  return sleeps;
}

std::map<pid_t, unsigned long> all_if_asleep() {
  std::map<pid_t, unsigned long> all;
  for (const pid_t thread : threads()) {
    if (thread == ::gettid() || is_of_tool(thread)) continue;
    const std::optional<unsigned long> sleeps = sleeps_of(thread);
    if (!sleeps) return {};
    all[thread] = *sleeps;
  }
  return all;
}

}  // namespace

bool DeadlockWatch::deadlocked() {
  const std::map<pid_t, unsigned long> before = std::move(asleep_);
  asleep_ = all_if_asleep();
  return !asleep_.empty() && asleep_ == before;
}

}  // namespace lab::test
