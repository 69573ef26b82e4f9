#include "tools/lab/verdicts.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "tools/explorer/account/text.hpp"

namespace lab::cli {

using namespace exercises;
using nlohmann::json;

namespace {

constexpr std::size_t label_width = 11;

// A label, and its text beside it in lines of that width.
void print_labelled(const Paint& paint, const std::string& label, const std::string& text, std::size_t width) {
  std::string before = "  " + paint.faint(fmt::format("{:<{}}", label, label_width));
  const std::size_t room = width > label_width + 2 ? width - label_width - 2 : 1;
  for (const std::string& line : explorer::wrap(explorer::clean(text), room)) {
    fmt::print("{}{}\n", before, line);
    before.assign(label_width + 2, ' ');
  }
}

std::string preemptions_in_words(std::uint32_t count) {
  switch (count) {
    case 0:
      return "no thread has to be interrupted";
    case 1:
      return "one thread is interrupted, once";
    case 2:
      return "threads are interrupted twice";
    default:
      return fmt::format("threads are interrupted {} times", count);
  }
}

// None of the gate's tests had begun: the finding is named by their specification.
bool is_all_of_gate(const Index& index, const Finding& finding) { return finding.claim.starts_with(index.gate); }

json evidence_of(const Exercise& exercise, const Finding& finding, const std::string& advice) {
  const auto or_null = [](const std::string& text) { return text.empty() ? json() : json(text); };
  return {{"judge", finding.judge},
          {"test", finding.claim},
          {"verdict", finding.verdict},
          {"summary", finding.summary},
          {"location", or_null(finding.location)},
          {"replay", or_null(replay_of(exercise, finding))},
          {"runs", finding.runs},
          {"exhaustive", finding.exhaustive},
          {"advice", or_null(advice)}};
}

}  // namespace

Paint::Paint() : on_(::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr) {}

std::string Paint::in(const char* code, const std::string& text) const {
  return on_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
}

std::string replay_of(const Exercise& exercise, const Finding& finding) {
  if (finding.replay.empty()) return "";
  const auto at = std::find(exercise.explored.begin(), exercise.explored.end(), finding.claim);
  if (at == exercise.explored.end()) return "";
  return fmt::format("{}.{}/{}", exercise.id, at - exercise.explored.begin() + 1, finding.replay);
}

void print_failure(const Workspace& workspace, const Index& index, const Exercise& exercise, const Finding& finding,
                   const std::string& advice, std::size_t width) {
  const Paint paint;
  // Its claim may be another exercise's, or one of those that held on the handout.
  const Exercise* const owner = index.with_claim(finding.claim);
  const auto tell = [&](const std::string& label, const std::string& text) {
    print_labelled(paint, label, text, width);
  };
  const bool all_of_gate = is_all_of_gate(index, finding);
  tell("claim", all_of_gate ? "the one-thread tests" : finding.claim);
  tell("expected", all_of_gate ? "they end, and hold as they do in the handout" : index.expected_of(finding.claim));
  // First in the words of the site, then in the machine's: threads and locks, or what a test compares.
  const std::string meaning = index.meaning_of(finding.claim, finding.verdict);
  const bool says_both = !finding.message.empty() && finding.summary.starts_with(finding.message + ": ");
  tell("got", !meaning.empty() ? meaning : says_both ? finding.message : finding.summary);
  if (!meaning.empty()) tell("that is", finding.summary);
  if (meaning.empty() && says_both) tell("that is", finding.summary.substr(finding.message.size() + 2));
  // On one thread it is the test that fails at a line, and no line of the copy that does.
  const bool of_copy = finding.location.starts_with("session_manager.");
  if (!finding.location.empty()) tell(of_copy ? "where" : "test", finding.location);
  if (finding.judge == "explorer" && !finding.replay.empty()) {
    tell("schedule", fmt::format("found in run {}; {}", finding.runs, preemptions_in_words(finding.preemptions)));
  }
  if (!finding.account.empty()) {
    fmt::print("\n  {}\n", paint.faint("what the threads do, by the lines of session_manager.cpp:"));
    for (const std::string& line : finding.account) fmt::print("  {}\n", line);
  }
  fmt::print("\n");
  if (!advice.empty()) {
    tell("note", advice);
    fmt::print("\n");
  }
  if (owner != nullptr) {
    if (const std::string replay = replay_of(*owner, finding); !replay.empty()) tell("again", "./lab replay " + replay);
  }
  tell("next",
       fmt::format("./lab hint {}, or read {}{}", exercise.id, Workspace::shown(workspace.page(exercise, "README.md")),
                   finding.account.empty() ? "" : "; to read lanes: docs/guide/read-lanes.md"));
}

const char* word_of(Standing standing) {
  switch (standing) {
    case Standing::passed:
      return "passed";
    case Standing::failed:
      return "failed";
    case Standing::could_not_judge:
      return "could_not_judge";
    case Standing::skipped:
      break;
  }
  return "skipped";
}

json report_of(const std::string& subject, const Index& index, const HandoutRaces& known,
               const std::vector<Judged>& judged, const std::vector<Finding>& findings, const Advise& advise,
               double seconds) {
  json entries = json::array();
  int points = 0;
  bool failed = false, unjudged = false;
  for (const Judged& one : judged) {
    const Exercise& exercise = *index.with_id(one.exercise);
    json evidence = json::array();
    if (one.standing != Standing::skipped) {
      for (const Finding& finding : findings) {
        const std::vector<Blame> blamed = blame(index, known, finding);
        const bool fails =
            std::any_of(blamed.begin(), blamed.end(), [&](const Blame& each) { return each.exercise == exercise.id; });
        const bool matters = fails || is_unjudged(finding);
        if (index.with_claim(finding.claim) == &exercise || (is_of_gate(index, finding) && matters))
          evidence.push_back(evidence_of(exercise, finding, fails ? advise(exercise, finding) : ""));
      }
    }
    const int earned = one.standing == Standing::passed ? exercise.points : 0;
    points += earned;
    failed |= one.standing == Standing::failed;
    unjudged |= one.standing == Standing::could_not_judge;
    entries.push_back({{"id", exercise.id},
                       {"bug", exercise.bug},
                       {"name", exercise.name},
                       {"verdict", word_of(one.standing)},
                       {"points", earned},
                       {"points_max", exercise.points},
                       {"reasons", one.reasons},
                       {"also_seen", one.also_seen},
                       {"evidence", evidence}});
  }
  return {{"schema", 1},
          {"subject", subject},
          {"verdict", failed ? "failed" : unjudged ? "could_not_judge" : "passed"},
          {"points", points},
          {"points_max", 100},
          {"seconds", seconds},
          {"exercises", entries}};
}

}  // namespace lab::cli
