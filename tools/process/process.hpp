// Running other programs: to their end, to a limit, or until that is no longer wanted. Thread safe.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace lab::process {

struct Command {
  std::vector<std::string> words;              // the program, looked for in PATH, and its arguments
  std::filesystem::path folder = {};           // to run in; empty: this process's
  std::vector<std::string> environment = {};   // "NAME=value", added to this process's
  std::chrono::milliseconds limit = no_limit;  // after it, what was started is killed
  std::size_t output_max = no_output_limit;    // bytes that are handed on; the rest is read and dropped
  std::function<bool()> unwanted = {};         // asked every poll_interval; true: as at the limit
  std::function<void(pid_t)> on_start = {};    // told the program's number, which is its group's too if it has one
  std::vector<int> passed = {};                // this process's descriptors that it has as 3, 4, ...; -1: not open
  // Nothing of this process's reaches it but what is named here: `environment` is all of its environment, no descriptor
  // is open in it but `passed` and the three streams, and its session, so its terminal too, is another.
  bool secluded = false;

  static constexpr auto no_limit = std::chrono::milliseconds::max();
  static constexpr auto no_output_limit = std::numeric_limits<std::size_t>::max();
  static constexpr auto poll_interval = std::chrono::milliseconds(20);
};

struct Ran {
  bool started = false;
  int status = -1;          // as a shell has it: the exit status, 128 + the signal's number, or 127 if not started
  int signal = 0;           // what killed it, if that was not this function
  bool over_time = false;   // killed at the limit
  bool cancelled = false;   // killed because it was unwanted
  bool output_cut = false;  // it printed more than output_max
  std::string output;       // of both streams; empty where lines are asked for
  double cpu_seconds = 0;   // of it and of what it waited for

  bool ok() const { return started && status == 0 && !over_time && !cancelled; }
};

using OnLine = std::function<void(const std::string& line)>;

// Runs the command to its end with an empty standard input. If `on_line` is given it is handed each line of what is
// printed, on either stream. With a limit or `unwanted`, or secluded, the program has a process group of its own: all
// of it is killed then, and what is left of it when the program has ended; without, the group is this process's, as the
// terminal's interrupt key needs. Throws std::system_error if the machine refuses a process.
Ran run(const Command& command, const OnLine& on_line = {});

}  // namespace lab::process
