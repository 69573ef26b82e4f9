// Tries the claims of the index on one copy of the handout, and checks which exercises are green.
//
//   check_blame --index FILE --source FILE --explored PROGRAM --one-thread PROGRAM
//               --handout EVIDENCE SOURCE [--record] --green all|none|ID...
//
// SOURCE is the session_manager.cpp that the programs were made of. With --record the copy is the handout itself: every
// claim is tried, and what was found becomes EVIDENCE. Else EVIDENCE says which pairs of places race in the handout.
//
// An exercise that is to be red is settled by its first claim that fails it; all are tried if LAB_THOROUGH is set.
// Exit status: 0 as expected · 1 not so · 2 usage · 3 something could not be judged.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "tests/blame/blame.hpp"
#include "tests/blame/run.hpp"
#include "tests/support/folder.hpp"

namespace {

using namespace lab::exercises;
using namespace lab::test;
using namespace std::chrono_literals;

// Far above what the slowest claim takes on a busy machine; it ends a claim that hangs.
constexpr auto claim_time_max = 120s;

struct Options {
  std::string index, source, explored, one_thread;
  std::string handout, handout_source;
  bool record = false;
  std::vector<std::string> green;
};

int usage(const std::string& what) {
  fmt::print(stderr,
             "check_blame: {}\nusage: check_blame --index FILE --source FILE --explored PROGRAM --one-thread PROGRAM "
             "--handout EVIDENCE SOURCE [--record] --green all|none|ID...\n",
             what);
  return 2;
}

std::optional<Options> options_from(const std::vector<std::string>& words) {
  Options options;
  std::vector<std::string*> awaited;  // the last comes first
  bool green = false;
  for (const std::string& word : words) {
    if (!awaited.empty()) {
      *awaited.back() = word;
      awaited.pop_back();
    } else if (green) {
      options.green.push_back(word);
    } else if (word == "--index") {
      awaited = {&options.index};
    } else if (word == "--source") {
      awaited = {&options.source};
    } else if (word == "--explored") {
      awaited = {&options.explored};
    } else if (word == "--one-thread") {
      awaited = {&options.one_thread};
    } else if (word == "--handout") {
      awaited = {&options.handout_source, &options.handout};
    } else if (word == "--record") {
      options.record = true;
    } else if (word == "--green") {
      green = true;
    } else {
      return std::nullopt;
    }
  }
  for (const std::string* needed : {&options.index, &options.source, &options.explored, &options.one_thread,
                                    &options.handout, &options.handout_source}) {
    if (needed->empty()) return std::nullopt;
  }
  if (options.green.empty()) return std::nullopt;
  return options;
}

// Catch2's test specification for this one claim: a comma would separate two.
std::string spec_of(const std::string& claim) {
  std::string spec;
  for (const char c : claim) {
    if (c == ',') spec += '\\';
    spec += c;
  }
  return spec;
}

// What the suite says of a failure, in one line: that it is stuck, or the message beside the assertion.
std::string sentence_of(const std::string& output) {
  std::istringstream lines(output);
  bool next = false;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t text = line.find_first_not_of(' ');
    if (text == std::string::npos) continue;
    if (next || line.starts_with("stuck: ")) return line.substr(text);
    next = line.starts_with("with message");
  }
  return "an assertion fails";
}

Finding unjudged(const std::string& claim, const std::string& why) { return {claim, "could_not_judge", why, "", {}}; }

class Trials {
public:
  Trials(const Options& options, bool thorough) : options_(options), thorough_(thorough) {}

  Finding explored(const std::string& claim) {
    const std::string evidence = (folder_.path() / fmt::format("{}.json", ++tried_)).string();
    std::vector<std::string> command{options_.explored,    spec_of(claim), "--explore-brief", "--explore-seconds", "0",
                                     "--explore-evidence", evidence};
    // Sampling is for what the bounds leave out. Each mended bug is a matter of two preemptions at most.
    if (!thorough_) command.insert(command.end(), {"--explore-samples", "0"});
    const Ran ran = run(command, {}, claim_time_max);
    account(ran);
    if (ran.over_time) return unjudged(claim, "its time was up");
    if (ran.signal != 0)
      return {claim, "crash", fmt::format("the program was killed by signal {}", ran.signal), "", {}};
    if (!std::filesystem::exists(evidence)) return unjudged(claim, "no evidence was written: " + ran.output);
    auto findings = read_findings(evidence, options_.source);
    if (!findings) return unjudged(claim, findings.error());
    if (findings->size() != 1 || findings->front().claim != claim)
      return unjudged(claim, "the evidence is not its own");
    keep(evidence);
    return findings->front();
  }

  Finding one_thread(const std::string& claim, bool hurry) {
    // Judged by its assertions alone: the races of a copy are the explorer's to find and blame's to give away.
    std::vector<std::string> environment{"TSAN_OPTIONS=report_bugs=0"};
    // Whoever waits for a thread that stands still waits for ever: a second tells as much as the usual half minute.
    if (hurry) environment.emplace_back("LAB_STUCK_AFTER_MS=1000");
    const Ran ran = run({options_.one_thread, spec_of(claim)}, environment, claim_time_max);
    account(ran);
    if (ran.over_time) return unjudged(claim, "its time was up");
    if (ran.signal != 0)
      return {claim, "crash", fmt::format("the program was killed by signal {}", ran.signal), "", {}};
    if (ran.status == 0) return {claim, "passed", "", "", {}};
    if (ran.status == 2 || ran.status == 4 || ran.status == 127) return unjudged(claim, "no test ran: " + ran.output);
    return {claim, "assertion", sentence_of(ran.output), "", {}};
  }

  double cpu_seconds() const { return cpu_seconds_; }

  void write_evidence(const std::string& file) const {
    std::ofstream out(file);
    out << nlohmann::json{{"schema", 1}, {"evidence", evidence_}}.dump(2) << '\n';
    if (!out.flush()) throw std::runtime_error("can't write " + file);
  }

private:
  void account(const Ran& ran) { cpu_seconds_ += ran.cpu_seconds; }

  void keep(const std::string& file) {
    std::ifstream in(file);
    const auto all = nlohmann::json::parse(in);
    for (const auto& entry : all.at("evidence")) evidence_.push_back(entry);
  }

  const Options& options_;
  const bool thorough_;
  const Folder folder_;
  nlohmann::json evidence_ = nlohmann::json::array();
  int tried_ = 0;
  double cpu_seconds_ = 0;
};

bool among(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

int check(const Options& options) {
  const auto index = read_index(options.index);
  if (!index) {
    fmt::print("{}\n", index.error());
    return 3;
  }
  const bool thorough = std::getenv("LAB_THOROUGH") != nullptr;
  HandoutRaces known;
  if (!options.record) {
    const auto handout = read_findings(options.handout, options.handout_source);
    if (!handout) {
      fmt::print("{}\n", handout.error());
      return 3;
    }
    for (const Exercise& exercise : index->exercises) {
      for (const std::string& claim : exercise.explored) {
        const auto of_claim = [&](const Finding& finding) { return finding.claim == claim; };
        if (std::any_of(handout->begin(), handout->end(), of_claim)) continue;
        fmt::print("{} has nothing of \"{}\"\n", options.handout, claim);
        return 3;
      }
    }
    known = races_of_handout(*index, *handout);
  }

  Trials trials(options, thorough);
  std::vector<Finding> findings;
  for (const Exercise& exercise : index->exercises) {
    const bool green = options.green.front() == "all" || among(options.green, exercise.id);
    bool settled = false;
    const auto add = [&](Finding finding) {
      for (const Blame& one : blame(*index, known, finding)) settled |= one.exercise == exercise.id;
      findings.push_back(std::move(finding));
    };
    const auto enough = [&] { return settled && !green && !thorough && !options.record; };
    for (const std::string& claim : exercise.explored) {
      if (!enough()) add(trials.explored(claim));
    }
    for (const std::string& claim : exercise.one_thread) {
      if (!enough()) add(trials.one_thread(claim, !green));
    }
  }
  if (options.record) {
    known = races_of_handout(*index, findings);
    trials.write_evidence(options.handout);
  }

  bool as_expected = true;
  bool unjudged = false;
  for (const Judged& judged : judge(*index, known, findings)) {
    const bool green = options.green.front() == "all" || among(options.green, judged.exercise);
    const bool is_green = judged.standing == Standing::passed;
    const bool is_red = judged.standing == Standing::failed;
    unjudged |= !is_green && !is_red;
    if (green ? is_red : is_green) as_expected = false;
    fmt::print("{} {}{}\n", judged.exercise,
               is_green ? "green"
               : is_red ? "red"
                        : "could not be judged",
               (green ? is_green : is_red) ? ""
               : green                     ? "; it must be green"
                                           : "; it must be red");
    for (const std::string& reason : judged.reasons) fmt::print("     {}\n", reason);
    if (!judged.also_seen.empty()) fmt::print("     also seen: exercise {}\n", fmt::join(judged.also_seen, ", "));
  }
  fmt::print("{} claims in {:.1f} s of processor time\n", findings.size(), trials.cpu_seconds());
  return !as_expected ? 1 : unjudged ? 3 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = options_from({argv + 1, argv + argc});
  if (!options) return usage("an argument is missing or unknown");
  try {
    return check(*options);
  } catch (const std::exception& error) {
    fmt::print("check_blame: {}\n", error.what());
    return 3;
  }
}
