// One program, run in a process group of its own with a limit of time.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace lab::test {

struct Ran {
  int status = -1;         // what it exited with; -1: it did not
  int signal = 0;          // what killed it, if that was not the limit
  bool over_time = false;  // killed with all its processes at the limit
  std::string output;      // both streams
  double cpu_seconds = 0;  // of it and of what it waited for
};

// `environment`: "NAME=value", added to this process's. Throws std::system_error if there is no process to be had.
Ran run(const std::vector<std::string>& command, const std::vector<std::string>& environment,
        std::chrono::milliseconds limit);

}  // namespace lab::test
