#include "tools/grader/formats/told.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "tools/grader/formats/text.hpp"

namespace lab::grader::formats {
namespace {

std::string with_spaces(std::string word) {
  std::replace(word.begin(), word.end(), '_', ' ');
  return word;
}

std::string looked_up(const std::map<std::string, std::string>& words, const std::string& word) {
  const auto found = words.find(word);
  return found == words.end() ? with_spaces(word) : found->second;
}

void add(std::string& text, const char* label, const std::string& what) {
  if (!what.empty()) text += fmt::format("  {:<9} {}\n", label, what);
}

// Of a platform that has little room.
constexpr std::size_t warnings_bytes_max = 4000;

}  // namespace

const char* const not_your_fault =
    "This is a fault of the grader or of its machine, not of the submission. It costs no points: grade it again.";

std::string words_of(Verdict verdict) {
  return verdict == Verdict::could_not_judge ? "could not be judged" : word(verdict);
}

std::string words_of_verdict(const std::string& verdict) {
  static const std::map<std::string, std::string> words{
      {"assertion", "wrong result"},
      {"could_not_judge", "could not be judged"},
      {"nondeterministic", "not the same twice"},
      {"use_after_free", "use after free"},
  };
  return looked_up(words, verdict);
}

std::string words_of_judge(const std::string& judge) {
  static const std::map<std::string, std::string> words{
      {"screen", "screen"},
      {"build", "build"},
      {"one_thread", "tests with one thread"},
      {"explorer", "schedule explorer"},
      {"model", "generated programs"},
      {"tsan", "ThreadSanitizer"},
      {"asan", "AddressSanitizer"},
      {"stress", "real threads"},
  };
  return looked_up(words, judge);
}

std::string effort_of(const Evidence& evidence) {
  if (evidence.runs == 0) return "";
  return counted(evidence.runs, "run") + (evidence.exhaustive ? ", exhaustive" : "");
}

std::string points_told(const Report& report, const Exercise& exercise) {
  const std::optional<double> points = points_of(report, exercise);
  if (!points) return "no points yet";
  return fmt::format("{} of {}", number(*points), counted(exercise.points_max, "point"));
}

std::string points_told(const Report& report) {
  const std::optional<double> points = points_of(report);
  if (!points) return "no points yet";
  return fmt::format("{} of {}", number(*points), counted(report.points_max, "point"));
}

std::string replay_command(const Evidence& evidence) {
  return evidence.replay.empty() ? "" : "./lab grade SUBMISSION --replay " + shell_word(evidence.replay);
}

std::string told(const Evidence& evidence, bool with_account) {
  std::string text = fmt::format("{}: {}", words_of_verdict(evidence.verdict), evidence.test);
  std::string how = words_of_judge(evidence.judge);
  if (const std::string effort = effort_of(evidence); !effort.empty()) how += (how.empty() ? "" : ", ") + effort;
  if (!evidence.scored) how += (how.empty() ? "" : ", ") + std::string("shown, not scored");
  if (!how.empty()) text += " (" + how + ")";
  text += "\n";
  if (evidence.passed()) return text;
  add(text, "expected", evidence.expected);
  add(text, "got", evidence.summary);
  add(text, "where", evidence.location);
  add(text, "again", replay_command(evidence));
  add(text, "note", evidence.advice);
  if (with_account && !evidence.account.empty()) text += "\n" + evidence.account + "\n";
  return text;
}

std::string told(const Report& report, const Exercise& exercise, bool with_account) {
  std::string text =
      fmt::format("{}{}: {}, {}\n", exercise.title, exercise.bug.empty() ? "" : " (" + exercise.bug + ")",
                  words_of(exercise.verdict), points_told(report, exercise));
  if (exercise.verdict == Verdict::could_not_judge) text += fmt::format("{}\n", not_your_fault);
  for (const std::string& reason : exercise.reasons) text += reason + "\n";
  if (!exercise.mended_by.empty()) text += "mended by exercise " + exercise.mended_by + "\n";
  for (const std::string& other : exercise.also_seen) text += "also seen: exercise " + other + "\n";
  for (const bool passed : {false, true}) {
    for (const Evidence& one : exercise.evidence) {
      if (one.passed() == passed) text += "\n" + told(one, with_account);
    }
  }
  return text;
}

std::string told_of_whole(const Report& report) {
  std::string text;
  for (const std::string& reason : report.reasons) text += reason + "\n";
  for (const Judge& one : report.judges) {
    if (one.verdict != Verdict::could_not_judge && one.reason.empty()) continue;
    text += fmt::format("{}: {}{}\n", words_of_judge(one.judge), words_of(one.verdict),
                        one.reason.empty() ? "" : ". " + one.reason);
  }
  std::string warnings;
  for (const Warning& one : report.warnings) warnings += fmt::format("{}: {}\n", one.compiler, one.text);
  if (!warnings.empty()) text += "\nWarnings; they cost no points:\n" + cut(std::move(warnings), warnings_bytes_max);
  return text;
}

}  // namespace lab::grader::formats
