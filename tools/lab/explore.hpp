// ./lab explore and ./lab replay: programs of the user's own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/explorer/explorer.hpp"
#include "tools/lab/status.hpp"

namespace lab::cli {

// What both commands are told about the program.
struct ProgramOptions {
  std::vector<std::string> words;  // the program and its arguments
  std::filesystem::path input;     // for its standard input; empty: this process's
  std::filesystem::path json;      // where to write the report; empty: nowhere
  std::filesystem::path timeline;  // where to write the page to step through; empty: nowhere
  bool play = false;               // ...in which one can play, too
  std::size_t width = 0;           // of the text; 0: the terminal's
};

// Prints the report. A program that cannot be explored is a usage error, told in a sentence.
Status explore_program(const ProgramOptions& program, const explorer::Options& options);

// Runs one schedule again, and says whether it ended as it did when it was recorded.
Status replay_program(const ProgramOptions& program, const std::string& schedule);

}  // namespace lab::cli
