// The judges of a submission's programs, each with evidence of its own.
//
//   one_thread  the gate, and the exercises' claims that need no second thread
//   explorer    the exercises' claims under all schedules within the bounds
//   model       generated programs under schedules, whose histories the one-thread model must explain
//   tsan        the claims with real threads under ThreadSanitizer, several times
//   asan        the gate and the claims under AddressSanitizer and UBSan
//   stress      the claims with real threads, optimised, in many rounds
//
// Whatever a judge was to try, it has a finding of: of a test whose process was ended by another one too.
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
  std::string verdict = "skipped";  // passed, failed, could_not_judge or skipped
  std::string reason;               // one sentence; empty if passed or failed
  std::uint64_t runs = 0;           // processes
  double seconds = 0;
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
};

// Not thread safe, and one at a time for one hearing.
class Judges {
public:
  explicit Judges(const Hearing& hearing) : hearing_(hearing) {}

  Opinion one_thread(const std::vector<std::string>& gate, const std::vector<std::string>& claims);
  // Sampled: schedules beyond the bounds are sampled too.
  Opinion explorer(const std::vector<std::string>& claims, bool sampled);
  Opinion model(unsigned programs);
  // Where the submission uses what ThreadSanitizer accuses wrongly, only those of its races count that are among
  // `seen`.
  Opinion tsan(const std::vector<std::string>& claims, unsigned times, const std::vector<exercises::RacingPair>& seen);
  Opinion asan(const std::vector<std::string>& gate, const std::vector<std::string>& claims);
  Opinion stress(const std::vector<std::string>& claims);

  // What the processes took, the longest of each kind.
  const Measured& taken() const { return taken_; }

private:
  using Findings = std::vector<exercises::Finding>;
  using Task = std::function<Findings(exercises::Trials&)>;

  Opinion judge(const std::string& judge, const exercises::Effort& effort, const std::filesystem::path& suite,
                double Measured::*kind, const std::vector<Task>& tasks);
  exercises::Effort effort(std::chrono::milliseconds limit, const std::string& environment) const;

  const Hearing& hearing_;
  std::uint64_t processes_ = 0;
  Measured taken_;
};

}  // namespace lab::grader
