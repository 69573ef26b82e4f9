// One submission, from its folder or archive to a report.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "tools/exercises/handout.hpp"
#include "tools/exercises/index.hpp"
#include "tools/exercises/tempting.hpp"
#include "tools/grader/judging/judges.hpp"
#include "tools/grader/judging/workplace.hpp"
#include "tools/grader/judging/workshop.hpp"
#include "tools/grader/sandbox/sandbox.hpp"

namespace lab::grader {

struct Course {
  exercises::Index index;
  exercises::HandoutRaces handout_races;
  std::vector<exercises::TemptingRule> tempting;
  std::string handout;             // its header and source, one after the other
  std::vector<std::string> gate;   // the names of its tests
  std::vector<std::string> suite;  // of all tests that can be tried with real threads
};

// Reads exercises/ and buggy/ of the checkout, and asks the suite for the gate's tests. The error is a sentence.
tl::expected<Course, std::string> read_course(const std::filesystem::path& root);

struct GradeOptions {
  std::uint64_t seed = 0;   // of what is drawn; 0: one is drawn
  std::size_t workers = 0;  // processes at once; 0: as many as the machine has processors
  unsigned programs = 24;   // generated ones
  unsigned watched = 3;     // runs under ThreadSanitizer
  bool timelines = false;   // evidence has "timeline", which a page to step through is made of (tools/timeline)
  bool screened = true;     // false, for tests alone: nothing is refused, and the sandbox and the channel must hold it
  std::function<bool()> unwanted = {};                    // true: give up, could_not_judge
  std::function<void(const std::string& what)> say = {};  // what begins; called by this thread
};

// Grades in folders of its own under the system's temporary folder. Thread safe.
class Grader {
public:
  // Runs `fixed` first, as a submission, unless the file `build/grader/limits.json` knows what it takes on this
  // machine: its times bound those of submissions, and it must get all points, else nobody can be judged. The error is
  // a sentence. The sandbox must outlive the grader.
  static tl::expected<Grader, std::string> open(const std::filesystem::path& root, const Sandbox& sandbox,
                                                const GradeOptions& options);

  // The report (docs/reference/grade-report.md). Whatever can't be judged is told there.
  nlohmann::json grade(const std::filesystem::path& submission, const GradeOptions& options) const;

  struct Account {
    std::string text;     // the schedule step by step, as the program printed it, fit for a terminal
    bool failed = false;  // again
  };
  // Builds the submission again and runs one schedule of a claim, "01.1/lab1-...", as the report has it. The error is a
  // sentence: it has no program, there is no such claim, or the schedule is of another submission.
  tl::expected<Account, std::string> replay(const std::filesystem::path& submission, const std::string& schedule) const;

  // What a verdict depends on: the two files, and the lab. The report has it too. Empty if the files can't be taken.
  std::string fingerprint(const std::filesystem::path& submission) const;

private:
  Grader(Course course, Workshop workshop, const Sandbox& sandbox)
      : course_(std::move(course)), workshop_(std::move(workshop)), sandbox_(&sandbox) {}

  nlohmann::json grade(const std::filesystem::path& submission, const GradeOptions& options, Measured& taken) const;
  // Takes the submission into its workplace. The error is a sentence.
  tl::expected<std::unique_ptr<Workplace>, std::string> take(const std::filesystem::path& submission) const;

  Course course_;
  Workshop workshop_;
  const Sandbox* sandbox_;
  Limits limits_;
  std::string lab_;  // a number for the lab's own part of the fingerprint
};

// The exit status that a report comes to: 0 all points, 1 not all, 3 could not judge.
int status_of(const nlohmann::json& report);

}  // namespace lab::grader
