// What a report says, in words for people: shared by the formats that show plain text.
#pragma once

#include <string>

#include "tools/grader/formats/report.hpp"

namespace lab::grader::formats {

// "passed", "failed", "could not be judged", "skipped".
std::string words_of(Verdict verdict);
// Of evidence: "data race", "wrong result".
std::string words_of_verdict(const std::string& verdict);
// "schedule explorer", "ThreadSanitizer".
std::string words_of_judge(const std::string& judge);

// How much the judge tried: "8 runs", "212 runs, exhaustive"; empty if the report does not say.
std::string effort_of(const Evidence& evidence);

// "4 of 8 points", or "no points yet" if it could not be judged.
std::string points_told(const Report& report, const Exercise& exercise);
std::string points_told(const Report& report);

// What a fault of the grader means for who handed in.
extern const char* const not_your_fault;

// The command that runs the schedule again; empty if there is none.
std::string replay_command(const Evidence& evidence);

// A claim, in a few lines, without the account if there shall be none.
std::string told(const Evidence& evidence, bool with_account);
// An exercise with its claims.
std::string told(const Report& report, const Exercise& exercise, bool with_account = true);
// What is said of the whole: reasons, judges that could not judge, warnings.
std::string told_of_whole(const Report& report);

}  // namespace lab::grader::formats
