// Running another program to its end, or to a limit: a mutant may well hang.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace lab::mutants {

struct Ran {
  int status = -1;  // as a shell has it: the exit status, or 128 + the signal's number
  bool timed_out = false;
  std::string output;  // of both streams

  bool ok() const { return !timed_out && status == 0; }
};

// Runs the words in the folder, in a process group of their own that is killed at the limit. Standard input is empty.
// Throws std::system_error if the machine refuses.
Ran run(const std::vector<std::string>& words, const std::filesystem::path& folder, std::chrono::seconds limit);

}  // namespace lab::mutants
