// The judges of a submission's programs, each with evidence of its own.
//
//   one_thread  the gate, and the exercises' claims that need no second thread
//   explorer    the exercises' claims under all schedules within the bounds
//   model       generated programs under schedules, whose histories the one-thread model must explain
//   tsan        the claims with real threads under ThreadSanitizer, several times
//   asan        the gate and the claims under AddressSanitizer and UBSan
//   stress      the claims with real threads, optimised, in many rounds
//
// Whatever a judge was to try, it has a finding of: of a test whose process was ended by another one too. After three
// processes that had to be ended because their time was over, nothing more is tried, and what is left fails for that: a
// submission that hangs everywhere takes minutes, not an hour.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tools/exercises/findings.hpp"
#include "tools/exercises/trials.hpp"
#include "tools/grader/judging/limits.hpp"
#include "tools/grader/judging/workshop.hpp"

namespace lab::grader {

struct Opinion {
  std::string judge;
  std::string verdict = "skipped";             // passed, failed, could_not_judge or skipped
  std::string reason;                          // one sentence; empty if passed or failed
  std::uint64_t runs = 0;                      // processes
  double seconds = 0;                          // of its processes, one after the other
  std::vector<exercises::Finding> findings;    // what counts
  std::vector<exercises::Finding> only_shown;  // ThreadSanitizer's reports that don't
};

// A judge that does not judge, and why.
Opinion skipped(const std::string& judge, const std::string& reason);

struct Hearing {
  const Sandbox& sandbox;
  const Made& made;
  Limits limits;
  std::uint64_t seed = 0;               // of salts and of generated programs
  std::size_t workers = 1;              // processes at once
  std::function<bool()> unwanted = {};  // true: give up
  bool timelines = false;               // failing schedules with what a page is made of
};

// What one judge is to do, before it does.
struct Brief {
  using Findings = std::vector<exercises::Finding>;

  std::string judge;
  exercises::Effort effort;
  std::filesystem::path suite;
  double Measured::*kind = nullptr;
  // Makes processes of its own, and returns what they found of these tests.
  struct Task {
    std::vector<std::string> tests;
    std::function<Findings(exercises::Trials&)> run;
  };
  std::vector<Task> tasks;
  std::function<void(Opinion&)> afterwards = {};  // what its findings come to
};

// Not thread safe, and one at a time for one hearing.
class Judges {
public:
  using Names = std::vector<std::string>;

  explicit Judges(const Hearing& hearing) : hearing_(hearing) {}

  Brief one_thread(const Names& gate, const Names& claims) const;
  Brief explorer(const Names& claims) const;
  // Once more, in other processes with other salts, with a smaller bound and without samples: what has passed under all
  // schedules passes under these, unless it has known the claims by their values, or by their number.
  Brief explorer_again(const Names& claims) const;
  Brief model(unsigned programs) const;
  // Where the submission uses what ThreadSanitizer accuses wrongly, only those of its races count that are among
  // `seen`.
  Brief tsan(const Names& claims, unsigned times, const std::vector<exercises::RacingPair>& seen) const;
  Brief asan(const Names& gate, const Names& claims) const;
  Brief stress(const Names& claims) const;

  // An opinion for each brief, in their order. All their tasks are in one queue, in which nobody waits for another
  // judge.
  std::vector<Opinion> hear(const std::vector<Brief>& briefs);

  // What the processes took, the longest of each kind.
  const Measured& measured() const { return measured_; }

private:
  Brief explored(const Names& claims, exercises::Effort effort) const;
  exercises::Effort effort(std::chrono::milliseconds limit, const std::string& environment) const;

  const Hearing& hearing_;
  std::uint64_t processes_ = 0;
  std::size_t hung_ = 0;  // tasks whose time was over
  Measured measured_;
};

}  // namespace lab::grader
