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

// Proof that the answer is right. Linux counts how often a thread has gone to sleep of its own accord. A look asks
// first what a thread sleeps in, and then for its count. Let both looks have found the thread asleep, and the same
// count. The sleep that the second look found began before that look's count was read, so it is one of those counted;
// and it is the last of them, for whoever sleeps has begun no later one. As the count was the same at the first look,
// that sleep had begun by then, and it went on. (The other way round, a thread that was woken between the looks could
// go to sleep between the second look's count and its question, and would pass for one that had slept all the time.)
//
// So all slept when the first look ended. A wait for a futex without a time-out ends when somebody wakes the sleeper,
// and those who could have were asleep themselves, all but the caller. They still are.

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

  const std::string head = "voluntary_ctxt_switches:";
  std::ifstream status = file_of(thread, "status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(head)) return std::stoul(line.substr(head.size()));
  return std::nullopt;
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
