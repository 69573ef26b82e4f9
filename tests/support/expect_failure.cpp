// Runs a command that must fail for a stated reason: the other direction of a test.
//
//   expect_failure REASON ATTEMPTS [--races PATTERN] [--record FILE BUG CLAIM BUILD] -- COMMAND ARGS...
//   expect_failure REASON ATTEMPTS --count -- COMMAND ARGS...
//
// Runs the command up to ATTEMPTS times, and exits with 0 at the first run that fails with REASON, a regular
// expression, in what it prints. Exits with 1 if a run fails without it, if every ThreadSanitizer report is not
// of PATTERN, or if no run fails. A run that only such reports made fail is another try. With --record, what was found
// is written to FILE (matrix/record.hpp). With --count, runs it ATTEMPTS times and says how many failed with REASON.
#include <fmt/format.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "tests/matrix/record.hpp"

namespace {

struct Run {
  bool passed = false;
  std::string output;
};

std::string quoted(const std::string& word) { return "'" + std::regex_replace(word, std::regex("'"), "'\\''") + "'"; }

Run run(const std::string& command) {
  Run result;
  FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return result;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    result.output.append(buffer.data(), got);
  }
  const int status = ::pclose(pipe);
  result.passed = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  // Catch2 exits with 4 where every test was skipped and with 2 where none matched: neither says anything.
  if (WIFEXITED(status) && (WEXITSTATUS(status) == 2 || WEXITSTATUS(status) == 4 || WEXITSTATUS(status) == 127)) {
    fmt::print("expect_failure: the command ran no test: {}\n{}", command, result.output);
    std::exit(2);
  }
  return result;
}

// The first line of ThreadSanitizer's, as the suite's main prints them, that is not of the pattern; else "".
std::string foreign_report(const std::string& output, const std::regex& pattern) {
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("report by ThreadSanitizer: ") && !std::regex_search(line, pattern)) return line;
  }
  return "";
}

// Whether every assertion held, and the run failed only since ThreadSanitizer reported something where it may: then it
// says nothing about the claim's own reason, unless that is the report.
bool only_reported(const std::string& output) {
  return output.find("All tests passed") != std::string::npos &&
         output.find("report by ThreadSanitizer: ") != std::string::npos;
}

int usage() {
  fmt::print(
      stderr,
      "usage: expect_failure REASON ATTEMPTS [--races PATTERN] [--record FILE BUG CLAIM BUILD] -- COMMAND ARGS...\n");
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  if (args.size() < 4) return usage();
  const std::regex reason(args[0]);
  const int attempts = std::atoi(args[1].c_str());
  std::regex races("");
  bool count = false;
  std::string record_file;
  lab::test::Record record;
  std::size_t at = 2;
  for (; at < args.size() && args[at] != "--"; ++at) {
    if (args[at] == "--count") {
      count = true;
    } else if (args[at] == "--races" && at + 1 < args.size()) {
      races = std::regex(args[++at]);
    } else if (args[at] == "--record" && at + 4 < args.size()) {
      record_file = args[at + 1];
      record.bug = args[at + 2];
      record.claim = args[at + 3];
      record.build = args[at + 4];
      at += 4;
    } else {
      return usage();
    }
  }
  if (attempts < 1 || at + 1 >= args.size()) return usage();
  std::string command;
  for (++at; at < args.size(); ++at) command += quoted(args[at]) + " ";
  command += "2>&1";

  int failures = 0;
  for (int attempt = 1; attempt <= attempts; ++attempt) {
    const Run result = run(command);
    if (const std::string foreign = foreign_report(result.output, races); !foreign.empty()) {
      fmt::print("a report at a place where none is expected: {}\n{}", foreign, result.output);
      return 1;
    }
    if (result.passed) continue;
    if (!std::regex_search(result.output, reason)) {
      if (only_reported(result.output)) continue;
      fmt::print("it failed, but not with /{}/:\n{}", args[0], result.output);
      return 1;
    }
    ++failures;
    if (!count) {
      fmt::print("attempt {} failed as expected, with /{}/\n", attempt, args[0]);
      record.runs = static_cast<std::uint64_t>(attempt);
      record.found = args[0];
      if (!record_file.empty()) lab::test::write_record(record_file, record);
      return 0;
    }
  }
  if (count) {
    fmt::print("{} of {} runs failed with /{}/\n", failures, attempts, args[0]);
    return 0;
  }
  fmt::print("none of {} runs failed; expected /{}/\n", attempts, args[0]);
  return 1;
}
