#include "tools/exercises/trials.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>

#include "tools/exercises/blame.hpp"
#include "tools/exercises/spec.hpp"

namespace lab::exercises {
namespace {

std::string seconds(std::chrono::milliseconds limit) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(limit).count()) + " s";
}

// The suite's own words where a thread never came back.
std::string stuck(const std::string& output) {
  const std::size_t at = output.find("stuck: ");
  return at == std::string::npos || (at > 0 && output[at - 1] != '\n') ? ""
                                                                       : output.substr(at, output.find('\n', at) - at);
}

// Why there is no evidence: the code under test has ended the process or kept it from ending, or we are at fault. A
// program writes down that it has begun, so that what ended before that was ended by the code's initialisation.
Finding without_evidence(const process::Ran& ran, bool begun, std::chrono::milliseconds limit) {
  Finding finding;
  finding.verdict = "could_not_judge";
  if (ran.cancelled) {
    finding.summary = "it was cancelled";
  } else if (ran.over_time) {
    // Whoever waits takes no processor time; a tenth of the limit is more than the start of any program takes.
    const bool busy = ran.cpu_seconds * 10'000 > static_cast<double>(limit.count());
    finding.verdict = busy ? "livelock" : "deadlock";
    finding.summary =
        busy ? "it still ran after " + seconds(limit) : "it stood still, and had not ended after " + seconds(limit);
  } else if (const std::string told = stuck(ran.output); !told.empty()) {
    finding.verdict = "deadlock";
    finding.summary = told;
  } else if (ran.signal != 0) {
    finding.verdict = "crash";
    finding.summary = std::string("it was killed by ") + ::strsignal(ran.signal);
  } else if (!ran.started) {
    finding.summary = "there is no such program, or it does not start";
  } else if (begun) {
    finding.summary = "no test ran: " + ran.output;
  } else {
    finding.verdict = "crash";
    finding.summary =
        "the code ended the whole process before any test began, with status " + std::to_string(ran.status);
  }
  return finding;
}

Finding unjudged(const std::string& claim, const std::string& judge, const std::string& why) {
  Finding finding;
  finding.claim = claim;
  finding.judge = judge;
  finding.verdict = "could_not_judge";
  finding.summary = why;
  return finding;
}

}  // namespace

Trials::Trials(Programs programs, Effort effort, std::unique_ptr<Runner> runner)
    : programs_(std::move(programs)), effort_(std::move(effort)), runner_(std::move(runner)) {
  std::ifstream source(programs_.source);
  for (std::string line; std::getline(source, line);) source_lines_.push_back(line);
}

std::vector<Finding> Trials::findings_of(const std::vector<std::string>& words, const std::string& claim,
                                         const std::string& judge, bool in_a_hurry, std::chrono::milliseconds limit) {
  process::Command command;
  command.words = words;
  command.environment = effort_.environment;
  if (in_a_hurry) command.environment.emplace_back("LAB_STUCK_AFTER_MS=10000");
  command.limit = limit;
  command.output_max = effort_.output_max;
  command.unwanted = effort_.unwanted;
  const Answer answer = runner_->run(command);
  const process::Ran& ran = answer.ran;
  cpu_seconds_ += ran.cpu_seconds;
  if (!answer.unjudged.empty()) return {unjudged(claim, judge, answer.unjudged)};

  std::vector<Finding> findings;
  for (const Evidence& one : answer.evidence) findings.push_back(finding_of(one, source_lines_));
  const auto told = [&] {
    // Nobody sees what a program prints, and to the explorer printing is no step.
    Finding& last = findings.back();
    if (ran.output_cut && last.verdict != "passed")
      last.summary += fmt::format("; it printed more than {} KiB", effort_.output_max / 1024);
    return std::move(findings);
  };
  const bool ended = !ran.started || ran.over_time || ran.cancelled || ran.signal != 0 || !stuck(ran.output).empty();
  if (answer.stopped.empty() && !ended && !findings.empty()) return told();
  // The process was ended. The last finding is of the test that ran then: why, is known here only.
  Finding why = without_evidence(ran, answer.begun, limit);
  if (!answer.stopped.empty()) {
    why.verdict = "crash";
    why.summary = answer.stopped;
    findings.clear();  // nothing of it can be believed
  }
  if (findings.empty()) {
    findings.push_back(why);
    findings.back().claim = claim;
    findings.back().judge = judge;
  } else if ((findings.back().verdict == "crash" || findings.back().verdict == "passed") &&
             (!is_unjudged(why) || ran.cancelled)) {
    findings.back().verdict = why.verdict;
    findings.back().summary = why.summary;
  }
  return told();
}

Finding Trials::explored(const std::string& claim) {
  std::vector<std::string> words{programs_.explored, spec_of(claim), "--explore-brief", "--explore-seconds", "0"};
  const std::string bound = std::to_string(effort_.bound);
  words.insert(words.end(), {"--explore-deviations", bound, "--explore-preemptions", bound});
  if (!effort_.sampled) words.insert(words.end(), {"--explore-samples", "0"});
  if (effort_.account_width > 0)
    words.insert(words.end(), {"--explore-account", std::to_string(effort_.account_width), "--explore-account-rows",
                               std::to_string(effort_.account_rows)});
  if (effort_.timeline) words.emplace_back("--explore-timeline");
  if (effort_.play) words.emplace_back("--explore-play");
  return findings_of(words, claim, "explorer", false, effort_.claim_limit).back();
}

Finding Trials::one_thread(const std::string& claim, bool in_a_hurry) {
  return findings_of({programs_.one_thread, spec_of(claim)}, claim, "stress", in_a_hurry, effort_.claim_limit).back();
}

std::vector<Finding> Trials::all_of(const std::string& specification, const std::vector<std::string>& options) {
  std::vector<std::string> words{programs_.one_thread, specification};
  words.insert(words.end(), options.begin(), options.end());
  return findings_of(words, specification, "stress", true, effort_.all_limit);
}

Finding Trials::generated(std::uint64_t seed, unsigned programs) {
  // The model is one way to be right. Where others differ from it, nobody loses points: in when another process's write
  // is seen, and in the version and the time of last use that a row has.
  return findings_of(
             {programs_.generated, "--seed", std::to_string(seed), "--programs", std::to_string(programs), "--graded"},
             generated_claim, "model", false, effort_.claim_limit)
      .back();
}

}  // namespace lab::exercises
