// Running other programs.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace lab::cli {

struct Command {
  std::vector<std::string> words;  // the program, looked for in PATH, and its arguments
  std::filesystem::path folder;    // to run in; empty: this process's
};

struct Outcome {
  bool started = false;
  int status = -1;  // as a shell has it: the exit status, or 128 + the signal's number

  bool ok() const { return started && status == 0; }
};

// Runs the command to its end and hands each line of what it prints, on either stream, to `on_line`. Standard
// input is empty.
Outcome run(const Command& command, const std::function<void(const std::string&)>& on_line);

}  // namespace lab::cli
