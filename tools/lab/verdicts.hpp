// What a check came to, on one screen and as the report.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tools/exercises/blame.hpp"
#include "tools/lab/workspace.hpp"

namespace lab::cli {

// How the commands speak where they may: colours on a terminal, none elsewhere or with NO_COLOR set.
class Paint {
public:
  Paint();
  std::string red(const std::string& text) const { return in("31", text); }
  std::string green(const std::string& text) const { return in("32", text); }
  std::string strong(const std::string& text) const { return in("1", text); }
  std::string faint(const std::string& text) const { return in("2", text); }

private:
  std::string in(const char* code, const std::string& text) const;
  bool on_;
};

// "01.1/STRING": the first claim of 01 under that schedule. Empty if there is nothing to replay.
std::string replay_of(const exercises::Exercise& exercise, const exercises::Finding& finding);

// The first failing finding of those that fail the exercise, in full: the claim, what it expects and what it got, the
// schedule, how to see it again, and where to look next.
void print_failure(const Workspace& workspace, const exercises::Index& index, const exercises::Exercise& exercise,
                   const exercises::Finding& finding, const std::string& advice, std::size_t width);

// What to say to a finding that fails an exercise, beyond the finding itself; often nothing.
using Advise = std::function<std::string(const exercises::Exercise&, const exercises::Finding&)>;

// The report, schema 1, of the exercises that were tried; the others are skipped.
nlohmann::json report_of(const std::string& subject, const exercises::Index& index,
                         const exercises::HandoutRaces& known, const std::vector<exercises::Judged>& judged,
                         const std::vector<exercises::Finding>& findings, const Advise& advise, double seconds);

const char* word_of(exercises::Standing standing);

}  // namespace lab::cli
