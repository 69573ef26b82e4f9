#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>

#include "tools/lab/canaries.hpp"
#include "tools/lab/commands.hpp"
#include "tools/lab/randomisation.hpp"
#include "tools/lab/tail.hpp"
#include "tools/process/file_lock.hpp"
#include "tools/process/process.hpp"

namespace lab::cli {
namespace {

// tsan before asan: what it takes to make the one start, clang 14's other may need as well
// (github.com/google/sanitizers/issues/1614).
constexpr std::array presets = {"debug", "release", "gcc", "tsan", "explore", "asan"};

// Runs a command quietly: all it prints goes to `log`, and the end of that is shown where it fails.
bool run_quietly(const Context& context, const std::vector<std::string>& words, const std::filesystem::path& log) {
  std::ofstream out(log, std::ios::app);
  Tail tail(40);
  const process::Ran outcome = process::run({words, context.root}, [&](const std::string& line) {
    out << line << '\n';
    tail.add(line);
  });
  if (outcome.ok()) return true;
  for (const std::string& line : tail.lines()) fmt::print("    {}\n", line);
  fmt::print("lab: {} failed; all it printed is in {}\n", words[0], log.string());
  return false;
}

// What the preset leaves to --thorough: each test of the tools in the build that users have, too; and a second
// compiler's opinion of the programs, which takes minutes and seldom differs. Said each time, for a build remembers it.
std::vector<std::string> options_of(const std::string& preset, bool thorough) {
  const std::string value = thorough ? "=ON" : "=OFF";
  if (preset == "release") return {"-DLAB_EVERY_TEST" + value};
  if (preset == "gcc") return {"-DLAB_TOOLS" + value};
  return {};
}

bool build(const Context& context, const std::string& preset, bool thorough) {
  const auto folder = context.root / "build" / preset;
  std::filesystem::create_directories(folder);
  const auto log = folder / "build.log";
  std::filesystem::remove(log);
  const process::FileLock lock(context.root / "build/.lock");
  std::vector<std::string> configure = {"cmake", "--preset", preset};
  const std::vector<std::string> options = options_of(preset, thorough);
  configure.insert(configure.end(), options.begin(), options.end());
  return run_quietly(context, configure, log) && run_quietly(context, {"cmake", "--build", "--preset", preset}, log);
}

// ctest's own words, without a line for each test that passes.
bool run_tests(const Context& context, const std::string& preset, const std::vector<std::string>& more = {}) {
  std::vector<std::string> words = {"ctest", "--preset", preset};
  words.insert(words.end(), more.begin(), more.end());
  std::filesystem::create_directories(context.root / "build" / preset);
  std::ofstream log(context.root / "build" / preset / "test.log");
  const process::Ran outcome = process::run({words, context.root}, [&](const std::string& line) {
    log << line << '\n';
    const bool of_a_passing_test = line.find("  Start ") != std::string::npos ||
                                   line.find("   Passed ") != std::string::npos || line.starts_with("Test project ");
    if (!of_a_passing_test && !line.empty()) fmt::print("{}\n", line);
    std::fflush(stdout);
  });
  return outcome.ok();
}

bool prepare_tsan(const Context& context) {
  const auto program = context.root / "build/tsan/tests/canaries/canaries_stress";
  const bool was_off = is_randomisation_off();
  if (!make_tsan_start(program)) {
    fmt::print("lab: ThreadSanitizer does not start; run {} to see what it says\n", program.string());
    return false;
  }
  if (is_randomisation_off() && !was_off)
    fmt::print("     (address-space randomisation is off for these tests: ThreadSanitizer does not start with it)\n");
  return true;
}

}  // namespace

Status test(const Context& context, const TestOptions& options) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  const auto say = [&](const std::string& what) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - start).count();
    fmt::print("==== {} ({} s)\n", what, seconds);
    std::fflush(stdout);
  };

  // What tests of the loop call in place of ./lab, which would look at the machine and the build each time.
  ::setenv("LAB_PROGRAM", (context.root / "build/release/tools/lab/lab").c_str(), 1);
  std::vector<std::string> broken;
  for (const std::string preset : presets) {
    say("building " + preset);
    if (!build(context, preset, options.thorough)) return could_not_judge;
    if (preset == "tsan" && !prepare_tsan(context)) return could_not_judge;
    if (!canaries_sing(context, {preset})) return could_not_judge;
    say("testing " + preset);
    if (!run_tests(context, preset)) broken.push_back(preset);
  }
  // Submissions are judged with what release, tsan and asan have built.
  say("grading submissions");
  if (!run_tests(context, "grading")) broken.push_back("grading");
  if (options.thorough) {
    say("testing fixed 200 times in release");
    if (!run_tests(context, "release", {"-R", "^fixed: ", "--repeat", "until-fail:200"}))
      broken.push_back("release x 200");
    say("testing fixed 20 times in tsan");
    if (!run_tests(context, "tsan", {"-R", "^fixed: ", "--repeat", "until-fail:20"})) broken.push_back("tsan x 20");
    say("testing the explorer, the grader and the server with their full counts");
    ::setenv("LAB_THOROUGH", "1", 1);  // tests/explorer/check_program.cpp, tests/mutants/main.cpp, and others
    if (!run_tests(context, "release", {"-R", "^(explorer|screen|grader formats|server|serve): "}))
      broken.push_back("the full counts of the explorer, the grader and the server");
    for (const std::string preset : {"tsan", "asan"}) {
      say("the server under load for the full time in " + preset);
      if (!run_tests(context, preset, {"-R", "^serve: under wrk"})) broken.push_back("the server's load in " + preset);
    }
    say("trying every mutant, and those that are proved equivalent");
    if (!run_tests(context, "tsan", {"-R", "^a sample of mutants"})) broken.push_back("mutants");
    say("grading every hostile submission");
    if (!run_tests(context, "grading")) broken.push_back("the hostile submissions");
    say("exploring with the full counts");
    if (!run_tests(context, "explore")) broken.push_back("explore's full counts");
  }
  say("done");
  if (broken.empty()) return passed;
  for (const std::string& build : broken) fmt::print("lab: tests failed in {}; see above\n", build);
  return failed;
}

}  // namespace lab::cli
