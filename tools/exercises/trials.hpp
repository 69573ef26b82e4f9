// Trying claims on one build of a session manager: each in a process of its own, with a limit of its own. What the
// programs print is trusted in nothing but words for people.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tools/exercises/findings.hpp"
#include "tools/exercises/runner.hpp"
#include "tools/process/process.hpp"

namespace lab::exercises {

// The suite, linked twice with the implementation (tests/CMakeLists.txt, tests/explored/CMakeLists.txt).
struct Programs {
  std::string explored;        // explored_*
  std::string one_thread;      // suite_*, of any build with real threads
  std::string source;          // the session_manager.cpp they were made of
  std::string generated = {};  // generated_*, where generated programs are tried
};

struct Effort {
  bool sampled = true;    // schedules beyond the bounds are sampled too
  unsigned bound = 2;     // of deviations, and of preemptions for claims of two threads
  int account_width = 0;  // of the account in lanes, in columns; 0: none
  int account_rows = 0;   // of it about so many lines; 0: as many as it takes
  bool timeline = false;  // with what a page to step through is made of
  bool play = false;      // and, in half a minute more, to play in: of a claim that passes, too
  // Far above what the slowest claim takes on a busy machine; it ends a claim that hangs.
  std::chrono::milliseconds claim_limit = std::chrono::seconds(120);
  // The same of all_of(), which takes half a second and more than ten on no machine that can judge anything.
  std::chrono::milliseconds all_limit = std::chrono::seconds(20);
  std::size_t output_max = 1 << 20;  // of what a program prints, in bytes
  std::function<bool()> unwanted;    // true: give up, could_not_judge
  // Of the programs, beside this process's. The races of a copy are the explorer's to find.
  std::vector<std::string> environment = {"TSAN_OPTIONS=report_bugs=0"};
};

// Not thread safe. All of it throws std::system_error if the machine refuses a process or a file.
class Trials {
public:
  Trials(Programs programs, Effort effort, std::unique_ptr<Runner> runner = std::make_unique<FileRunner>());

  // One claim under the explorer.
  Finding explored(const std::string& claim);

  // One claim of the suite, judged by its assertions, and by ThreadSanitizer where the environment lets it. In a hurry,
  // threads that stand still are given up after ten seconds instead of half a minute; those of the longest claim that
  // passes need one, and three on a busy machine.
  Finding one_thread(const std::string& claim, bool in_a_hurry = false);

  // All the suite's tests that Catch2's specification names, in one process: a finding for each up to the one in which
  // the process was ended; one named by the specification itself if none had begun.
  std::vector<Finding> all_of(const std::string& specification, const std::vector<std::string>& options = {});

  // So many generated programs, drawn from the seed and those after it: one finding for all, of the judge "model".
  Finding generated(std::uint64_t seed, unsigned programs);

  double cpu_seconds() const { return cpu_seconds_; }

private:
  std::vector<Finding> findings_of(const std::vector<std::string>& words, const std::string& claim,
                                   const std::string& judge, bool in_a_hurry, std::chrono::milliseconds limit);

  const Programs programs_;
  const Effort effort_;
  std::vector<std::string> source_lines_;
  const std::unique_ptr<Runner> runner_;
  double cpu_seconds_ = 0;
};

}  // namespace lab::exercises
