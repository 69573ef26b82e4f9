#include "tools/grader/judging/judges.hpp"

#include <algorithm>
#include <atomic>
#include <exception>

#include "tools/exercises/blame.hpp"
#include "tools/exercises/spec.hpp"
#include "tools/grader/judging/parallel.hpp"
#include "tools/grader/judging/sandbox_runner.hpp"

namespace lab::grader {

using namespace exercises;

namespace {

using Clock = std::chrono::steady_clock;
using Names = Judges::Names;
using Findings = Brief::Findings;

// A process that is ended takes the tests after it along: these are tried in another, so often.
constexpr int ends_max = 6;
// What hangs so often, hangs again.
constexpr std::size_t hung_max = 3;
// Of a claim with real threads. Under ThreadSanitizer one report is enough, and the suite's races show in the first few
// rounds; under AddressSanitizer as well. What is lost only by luck is the optimised build's to find.
constexpr const char* rounds_watched = "10";
constexpr const char* rounds_stressed = "200";
// Seeds of generated programs: a number that a person can type again.
constexpr std::uint64_t seeds_max = 1'000'000'000;
// Of a page that is as wide as a laptop's.
constexpr int account_columns = 110;

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

Findings not_tried(const Names& tests) {
  Findings all;
  for (const std::string& test : tests)
    all.push_back(crashed(test, "it was not tried: three processes before it had not ended in their time"));
  return all;
}

// A finding of each of the names, and of nothing else.
Findings all_of(Trials& trials, const Names& names, std::chrono::milliseconds limit,
                const std::vector<std::string>& options) {
  Findings all;
  Names left = names;
  std::size_t hung = 0;
  Finding untried = crashed("", "it was not tried: other tests had ended their process too often");
  for (int i = 0; !left.empty() && !is_unjudged(untried) && i < ends_max; ++i) {
    const std::string spec = spec_of_all(left);
    const Clock::time_point begun = Clock::now();
    const Findings found = trials.all_of(spec, options);
    if (Clock::now() - begun >= limit) ++hung;
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
    if (hung == hung_max) {
      for (Finding& finding : not_tried(left)) all.push_back(std::move(finding));
      return all;
    }
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
  effort.environment.clear();
  if (!environment.empty()) effort.environment.push_back(environment);
  effort.unwanted = hearing_.unwanted;
  return effort;
}

std::vector<Opinion> Judges::hear(const std::vector<Brief>& briefs) {
  struct Task {
    const Brief* brief = nullptr;
    std::size_t number = 0;
    std::uint64_t seed = 0;
    double seconds = 0;
    Findings findings = {};
    bool hung = false;
  };
  std::vector<Task> tasks;
  for (const Brief& brief : briefs) {
    for (std::size_t i = 0; i < brief.tasks.size(); ++i) {
      // Room for the processes of a task that is tried again.
      tasks.push_back({&brief, i, hearing_.seed + 1000 * ++processes_});
    }
  }
  std::atomic<std::size_t> hung{hung_};
  in_parallel(tasks.size(), hearing_.workers, [&](std::size_t at) {
    if (hung >= hung_max) return;
    Task& task = tasks[at];
    const Clock::time_point begun = Clock::now();
    try {
      const std::vector<std::filesystem::path> shown = {hearing_.made.source.parent_path()};
      Trials trials({hearing_.made.programs.explored.string(), task.brief->suite.string(),
                     hearing_.made.source.string(), hearing_.made.programs.generated.string()},
                    task.brief->effort, std::make_unique<SandboxRunner>(hearing_.sandbox, shown, task.seed));
      task.findings = task.brief->tasks[task.number].run(trials);
    } catch (const std::exception& error) {
      Finding finding;
      finding.verdict = "could_not_judge";
      finding.summary = error.what();
      task.findings = {finding};
    }
    task.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    task.hung = Clock::now() - begun >= task.brief->effort.claim_limit;
    if (task.hung) ++hung;
  });
  // Tasks begin in their order, so that what was left out stands behind three that hung. Whatever else stands there
  // counts as left out too: what a submission earns does not depend on who was faster.
  for (Task& task : tasks) {
    if (hung_ >= hung_max) task.findings = not_tried(task.brief->tasks[task.number].tests);
    if (task.hung) ++hung_;
  }

  std::vector<Opinion> opinions;
  for (const Brief& brief : briefs) {
    Opinion opinion;
    opinion.judge = brief.judge;
    for (Task& task : tasks) {
      if (task.brief != &brief) continue;
      ++opinion.runs;
      opinion.seconds += task.seconds;
      measured_.*brief.kind = std::max(measured_.*brief.kind, task.seconds);
      opinion.findings.insert(opinion.findings.end(), task.findings.begin(), task.findings.end());
    }
    if (brief.afterwards) brief.afterwards(opinion);
    opinion.verdict = "passed";
    for (const Finding& finding : opinion.findings) {
      if (is_unjudged(finding)) {
        opinion.verdict = "could_not_judge";
        opinion.reason = finding.summary;
      } else if (fails(finding) && opinion.verdict == "passed") {
        opinion.verdict = "failed";
      }
    }
    opinions.push_back(std::move(opinion));
  }
  return opinions;
}

Brief Judges::one_thread(const Names& gate, const Names& claims) const {
  // In the optimised build: seven times as fast as under ThreadSanitizer, which has nothing to say of one thread; and
  // AddressSanitizer's judge tries the gate once more.
  Brief brief{"one_thread",
              effort(hearing_.limits.one_thread, ""),
              hearing_.made.programs.suite_release,
              &Measured::one_thread,
              {}};
  const auto limit = brief.effort.all_limit;
  brief.tasks.push_back({gate, [=](Trials& trials) { return all_of(trials, gate, limit, {}); }});
  for (const std::string& claim : claims)
    brief.tasks.push_back({{claim}, [claim](Trials& trials) { return Findings{trials.one_thread(claim, true)}; }});
  return brief;
}

Brief Judges::explorer(const Names& claims) const {
  return explored(claims, effort(hearing_.limits.explored, "TSAN_OPTIONS=report_bugs=0"));
}

Brief Judges::explorer_again(const Names& claims) const {
  Effort less = effort(hearing_.limits.explored, "TSAN_OPTIONS=report_bugs=0");
  less.sampled = false;
  less.bound = 1;
  return explored(claims, less);
}

Brief Judges::explored(const Names& claims, Effort effort) const {
  effort.account_width = account_columns;
  effort.timeline = hearing_.timelines;
  Brief brief{"explorer", effort, hearing_.made.programs.suite_tsan, &Measured::explored, {}};
  for (const std::string& claim : claims)
    brief.tasks.push_back({{claim}, [claim](Trials& trials) { return Findings{trials.explored(claim)}; }});
  return brief;
}

Brief Judges::model(unsigned programs) const {
  Brief brief{"model",
              effort(hearing_.limits.model, "TSAN_OPTIONS=report_bugs=0"),
              hearing_.made.programs.suite_tsan,
              &Measured::model,
              {}};
  const std::size_t parts = std::min<std::size_t>(hearing_.workers, programs);
  for (std::size_t part = 0; part < parts; ++part) {
    const auto share = static_cast<unsigned>((programs + parts - 1) / parts);
    const std::uint64_t first = hearing_.seed % seeds_max + part * share;
    brief.tasks.push_back(
        {{generated_claim}, [=](Trials& trials) { return Findings{trials.generated(first, share)}; }});
  }
  return brief;
}

Brief Judges::tsan(const Names& claims, unsigned times, const std::vector<RacingPair>& seen) const {
  Brief brief{"tsan",
              effort(hearing_.limits.threads, "TSAN_OPTIONS=report_bugs=1:halt_on_error=0"),
              hearing_.made.programs.suite_tsan,
              &Measured::threads,
              {}};
  const auto limit = brief.effort.all_limit;
  for (unsigned i = 0; i < times; ++i)
    brief.tasks.push_back({claims, [=](Trials& trials) {
                             return all_of(trials, claims, limit, {"--rounds-max", rounds_watched});
                           }});
  const bool accused_wrongly = hearing_.made.accused_wrongly;
  brief.afterwards = [seen, accused_wrongly](Opinion& opinion) {
    for (Finding& finding : opinion.findings) {
      finding.judge = "tsan";
      const Finding as_reported = finding;
      std::erase_if(finding.races, [&](const RacingPair& pair) { return accused_wrongly && !is_among(seen, pair); });
      // It reports a cycle of locks also where no schedule can close it. The explorer tries whether one can.
      const bool is_only_possible = finding.summary.starts_with("lock-order-inversion");
      if ((finding.verdict == "data_race" && finding.races.empty()) || is_only_possible) {
        opinion.only_shown.push_back(as_reported);
        finding.verdict = "passed";
        finding.summary.clear();
      }
    }
  };
  return brief;
}

Brief Judges::asan(const Names& gate, const Names& claims) const {
  // Leaks are no exercise's matter, and the look for them needs what the sandbox refuses.
  Brief brief{"asan",
              effort(hearing_.limits.threads, "ASAN_OPTIONS=detect_leaks=0"),
              hearing_.made.programs.suite_asan,
              &Measured::threads,
              {}};
  for (const Names* const names : {&gate, &claims}) {
    brief.tasks.push_back({*names, [tests = *names, limit = brief.effort.all_limit](Trials& trials) {
                             return all_of(trials, tests, limit, {"--rounds-max", rounds_watched});
                           }});
  }
  brief.afterwards = [](Opinion& opinion) {
    for (Finding& finding : opinion.findings) finding.judge = "asan";
  };
  return brief;
}

Brief Judges::stress(const Names& claims) const {
  Brief brief{
      "stress", effort(hearing_.limits.threads, ""), hearing_.made.programs.suite_release, &Measured::threads, {}};
  brief.tasks.push_back({claims, [claims, limit = brief.effort.all_limit](Trials& trials) {
                           return all_of(trials, claims, limit, {"--rounds-max", rounds_stressed});
                         }});
  return brief;
}

}  // namespace lab::grader
