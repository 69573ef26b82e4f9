#include "tools/grader/judging/judges.hpp"

#include <algorithm>
#include <mutex>
#include <system_error>

#include "tools/exercises/blame.hpp"
#include "tools/exercises/spec.hpp"
#include "tools/grader/judging/parallel.hpp"
#include "tools/grader/judging/sandbox_runner.hpp"

namespace lab::grader {

using namespace exercises;

namespace {

using Clock = std::chrono::steady_clock;
using Names = std::vector<std::string>;

// A process that is ended takes the tests after it along: these are tried in another, so often.
constexpr int ends_max = 6;
// Of a claim with real threads. Under ThreadSanitizer one report is enough, and the suite's races show in the first few
// rounds; under AddressSanitizer as well. What is lost only by luck is the optimised build's to find.
constexpr const char* rounds_watched = "10";
constexpr const char* rounds_stressed = "200";

std::string spec_of_all(const Names& names) {
  std::string spec;
  for (const std::string& name : names) spec += (spec.empty() ? "" : ",") + spec_of(name);
  return spec;
}

Finding crashed(const std::string& claim, const std::string& summary) {
  Finding finding;
  finding.claim = claim;
  finding.judge = "stress";
  finding.verdict = "crash";
  finding.summary = summary;
  return finding;
}

// A finding of each of the names, and of nothing else.
std::vector<Finding> all_of(Trials& trials, const Names& names, const std::vector<std::string>& options) {
  std::vector<Finding> all;
  Names left = names;
  Finding untried = crashed("", "it was not tried: other tests had ended their process too often");
  for (int i = 0; !left.empty() && !is_unjudged(untried) && i < ends_max; ++i) {
    const std::string spec = spec_of_all(left);
    const std::vector<Finding> found = trials.all_of(spec, options);
    for (const Finding& finding : found) {
      const auto at = std::find(left.begin(), left.end(), finding.claim);
      if (at != left.end()) {
        left.erase(at);
        all.push_back(finding);
      } else if (finding.claim == spec) {
        // No test had begun. What ended the process would do it again.
        for (const std::string& name : left) {
          all.push_back(finding);
          all.back().claim = name;
        }
        return all;
      } else {
        return {crashed("a test that was not asked for", "it came with evidence of \"" + finding.claim + "\"")};
      }
    }
    if (is_unjudged(found.back())) untried = found.back();
  }
  for (const std::string& name : left) {
    all.push_back(untried);
    all.back().claim = name;
  }
  return all;
}

bool fails(const Finding& finding) { return finding.verdict != "passed"; }

bool is_among(const std::vector<RacingPair>& pairs, const RacingPair& pair) {
  return std::find(pairs.begin(), pairs.end(), pair) != pairs.end();
}

}  // namespace

Opinion skipped(const std::string& judge, const std::string& reason) {
  Opinion opinion;
  opinion.judge = judge;
  opinion.reason = reason;
  return opinion;
}

Effort Judges::effort(std::chrono::milliseconds limit, const std::string& environment) const {
  Effort effort;
  effort.claim_limit = limit;
  effort.all_limit = limit;
  effort.environment = {environment};
  effort.unwanted = hearing_.unwanted;
  return effort;
}

Opinion Judges::judge(const std::string& judge, const Effort& effort, const std::filesystem::path& suite,
                      double Measured::*kind, const std::vector<Task>& tasks) {
  const Clock::time_point begun = Clock::now();
  Opinion opinion;
  opinion.judge = judge;
  std::vector<Findings> found(tasks.size());
  std::mutex mutex;
  in_parallel(tasks.size(), hearing_.workers, [&](std::size_t at) {
    const Clock::time_point task_begun = Clock::now();
    std::uint64_t seed = 0;
    {
      const std::lock_guard lock(mutex);
      // Room for the processes of a task that is tried again.
      seed = hearing_.seed + 1000 * ++processes_;
    }
    try {
      Trials trials(
          {hearing_.made.programs.explored.string(), suite.string(), hearing_.made.source.string(),
           hearing_.made.programs.generated.string()},
          effort,
          std::make_unique<SandboxRunner>(
              hearing_.sandbox, std::vector<std::filesystem::path>{hearing_.made.source.parent_path()}, seed));
      found[at] = tasks[at](trials);
    } catch (const std::system_error& error) {
      Finding finding;
      finding.verdict = "could_not_judge";
      finding.summary = error.what();
      found[at] = {finding};
    }
    const std::chrono::duration<double> taken = Clock::now() - task_begun;
    const std::lock_guard lock(mutex);
    taken_.*kind = std::max(taken_.*kind, taken.count());
  });
  opinion.runs = tasks.size();
  opinion.verdict = "passed";
  for (Findings& some : found) {
    for (Finding& finding : some) {
      if (is_unjudged(finding)) {
        opinion.verdict = "could_not_judge";
        opinion.reason = finding.summary;
      } else if (fails(finding) && opinion.verdict == "passed") {
        opinion.verdict = "failed";
      }
      opinion.findings.push_back(std::move(finding));
    }
  }
  opinion.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  return opinion;
}

Opinion Judges::one_thread(const Names& gate, const Names& claims) {
  std::vector<Task> tasks;
  tasks.emplace_back([&](Trials& trials) { return all_of(trials, gate, {}); });
  for (const std::string& claim : claims)
    tasks.emplace_back([&](Trials& trials) { return Findings{trials.one_thread(claim, true)}; });
  return judge("one_thread", effort(hearing_.limits.one_thread, "TSAN_OPTIONS=report_bugs=0"),
               hearing_.made.programs.suite_tsan, &Measured::one_thread, tasks);
}

Opinion Judges::explorer(const Names& claims, bool sampled) {
  Effort with = effort(hearing_.limits.explored, "TSAN_OPTIONS=report_bugs=0");
  with.sampled = sampled;
  with.account_width = 110;
  std::vector<Task> tasks;
  for (const std::string& claim : claims)
    tasks.emplace_back([&](Trials& trials) { return Findings{trials.explored(claim)}; });
  return judge("explorer", with, hearing_.made.programs.suite_tsan, &Measured::explored, tasks);
}

Opinion Judges::model(unsigned programs) {
  std::vector<Task> tasks;
  for (std::size_t part = 0; part < hearing_.workers; ++part) {
    const auto share = static_cast<unsigned>((programs + hearing_.workers - 1) / hearing_.workers);
    const std::uint64_t first = hearing_.seed % 1'000'000'000 + part * share;
    tasks.emplace_back([=](Trials& trials) { return Findings{trials.generated(first, share)}; });
  }
  return judge("model", effort(hearing_.limits.model, "TSAN_OPTIONS=report_bugs=0"), hearing_.made.programs.suite_tsan,
               &Measured::model, tasks);
}

Opinion Judges::tsan(const Names& claims, unsigned times, const std::vector<RacingPair>& seen) {
  std::vector<Task> tasks;
  for (unsigned i = 0; i < times; ++i)
    tasks.emplace_back([&](Trials& trials) { return all_of(trials, claims, {"--rounds-max", rounds_watched}); });
  Opinion opinion = judge("tsan", effort(hearing_.limits.threads, "TSAN_OPTIONS=report_bugs=1:halt_on_error=0"),
                          hearing_.made.programs.suite_tsan, &Measured::threads, tasks);
  std::vector<Finding> counted;
  for (Finding& finding : opinion.findings) {
    finding.judge = "tsan";
    const Finding as_reported = finding;
    std::erase_if(finding.races,
                  [&](const RacingPair& pair) { return hearing_.made.accused_wrongly && !is_among(seen, pair); });
    // It reports a cycle of locks also where no schedule can close it. The explorer tries whether one can.
    const bool is_only_possible = finding.summary.starts_with("lock-order-inversion");
    if ((finding.verdict == "data_race" && finding.races.empty()) || is_only_possible) {
      opinion.only_shown.push_back(as_reported);
      finding.verdict = "passed";
      finding.summary.clear();
    }
    counted.push_back(std::move(finding));
  }
  opinion.findings = std::move(counted);
  if (opinion.verdict == "failed" && std::none_of(opinion.findings.begin(), opinion.findings.end(), fails))
    opinion.verdict = "passed";
  return opinion;
}

Opinion Judges::asan(const Names& gate, const Names& claims) {
  const std::vector<std::string> options = {"--rounds-max", rounds_watched};
  const std::vector<Task> tasks = {[&](Trials& trials) { return all_of(trials, gate, options); },
                                   [&](Trials& trials) { return all_of(trials, claims, options); }};
  // Leaks are no exercise's matter, and the look for them needs what the sandbox refuses.
  Opinion opinion = judge("asan", effort(hearing_.limits.threads, "ASAN_OPTIONS=detect_leaks=0"),
                          hearing_.made.programs.suite_asan, &Measured::threads, tasks);
  for (Finding& finding : opinion.findings) finding.judge = "asan";
  return opinion;
}

Opinion Judges::stress(const Names& claims) {
  const std::vector<Task> tasks = {[&](Trials& trials) {
    return all_of(trials, claims, {"--rounds-max", rounds_stressed});
  }};
  return judge("stress", effort(hearing_.limits.threads, "LAB_STRESS=1"), hearing_.made.programs.suite_release,
               &Measured::threads, tasks);
}

}  // namespace lab::grader
