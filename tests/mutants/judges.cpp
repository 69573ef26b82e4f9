#include "tests/mutants/judges.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <csignal>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "tools/exercises/spec.hpp"
#include "tools/process/process.hpp"

namespace lab::mutants {
namespace {

// Far above what any test needs on a busy machine. A mutant whose threads hang is told sooner by the suite itself,
// at once where they wait for each other and else after LAB_STUCK_AFTER_MS, and by the explorer at once.
constexpr std::chrono::seconds test_limit{240};
// All one-thread claims take 2 s where each passes. Where they take longer, each is asked alone, which is never wrong.
constexpr std::chrono::seconds batch_limit{60};
constexpr const char* stuck_after = "LAB_STUCK_AFTER_MS=10000";

constexpr const char* one_thread = "[one-thread]";
constexpr const char* concurrent = "[concurrent]";

constexpr std::array shallow = {"--explore-deviations", "1", "--explore-preemptions", "1", "--explore-samples", "50"};

constexpr int no_test_matched = 2;
constexpr int all_tests_skipped = 4;

void list(const Build& build, Program program, const std::string& tags, const std::string& judge,
          std::vector<Test>& tests) {
  const process::Ran ran = process::run(
      {.words = {build.original(program).string(), "--list-tests", "--verbosity", "quiet", tags}, .limit = test_limit});
  std::istringstream lines(ran.output);
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    tests.push_back({judge, program, line});
    ++count;
  }
  if (!ran.ok() || count == 0) throw std::runtime_error(fmt::format("no test for the judge {}: {}", judge, ran.output));
}

// The first line that matches, without the indentation.
std::string line_with(const std::string& output, const std::regex& pattern) {
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    if (std::regex_search(line, pattern)) return line.substr(std::min(line.find_first_not_of(' '), line.size()));
  }
  return "";
}

Opinion failure(const std::string& verdict, const std::string& summary) {
  return {Opinion::Of::fails, verdict, summary};
}

// ThreadSanitizer's words for the kinds of its reports, and the lab's.
std::string verdict_of_report(const std::string& line) {
  if (line.find("data-race") != std::string::npos) return "data_race";
  if (line.find("lock-order-inversion") != std::string::npos) return "deadlock";
  if (line.find("use-after-free") != std::string::npos) return "use_after_free";
  return "crash";  // an unlock of what is not locked, a mutex destroyed while it is, a bad free
}

Opinion opinion_of_explorer(int status, bool timed_out, const std::string& output) {
  static const std::regex sentence(R"(^(\w+): .*run \d+)");
  std::smatch words;
  const std::string line = line_with(output, sentence);
  if (std::regex_search(line, words, sentence)) {
    if (words[1] == "could_not_judge" || words[1] == "nondeterministic") return {Opinion::Of::cannot_judge, "", line};
    return failure(words[1], line);
  }
  return {Opinion::Of::cannot_judge, "",
          timed_out ? "the explorer did not come to an end" : fmt::format("status {}: {}", status, output)};
}

}  // namespace

std::vector<Test> all_tests(const Build& build) {
  std::vector<Test> tests;
  list(build, Program::suite, one_thread, "one-thread", tests);
  list(build, Program::explored, concurrent, "explorer", tests);
  list(build, Program::suite, concurrent, "tsan", tests);
  return tests;
}

bool one_thread_passes(const std::filesystem::path& suite) {
  return process::run({.words = {suite.string(), one_thread, "--abort"},
                       .folder = suite.parent_path(),
                       .environment = {stuck_after},
                       .limit = batch_limit})
      .ok();
}

Opinion opinion_of(const Test& test, int status, bool timed_out, const std::string& output) {
  if (status == no_test_matched || status == all_tests_skipped || status == 127) {
    return {Opinion::Of::cannot_judge, "", fmt::format("status {}: {}", status, output)};
  }
  if (!timed_out && status == 0) return {};
  if (test.program == Program::explored) return opinion_of_explorer(status, timed_out, output);
  if (timed_out) return failure("deadlock", fmt::format("still running after {} s", test_limit.count()));
  if (const std::string line = line_with(output, std::regex("^stuck: ")); !line.empty())
    return failure("deadlock", line);
  if (const std::string line = line_with(output, std::regex("^report by ThreadSanitizer: ")); !line.empty()) {
    return failure(verdict_of_report(line), line);
  }
  if (status > 128 || output.find("fatal error condition") != std::string::npos) {
    return failure("crash", fmt::format("status {}", status));
  }
  if (const std::string line = line_with(output, std::regex("unexpected exception")); !line.empty()) {
    return failure("exception", line);
  }
  return failure("assertion", line_with(output, std::regex(R"(^\s+(CHECK|REQUIRE|CHECK_FALSE)\()")));
}

Opinion ask(const std::filesystem::path& program, const Test& test, Depth depth) {
  std::vector<std::string> words{program.string(), exercises::spec_of(test.name)};
  if (test.program == Program::explored) {
    words.emplace_back("--explore-brief");
    if (depth == Depth::shallow) words.insert(words.end(), shallow.begin(), shallow.end());
  }
  const process::Ran ran = process::run(
      {.words = words, .folder = program.parent_path(), .environment = {stuck_after}, .limit = test_limit});
  return opinion_of(test, ran.status, ran.over_time, ran.output);
}

}  // namespace lab::mutants
