// Autolab's autoresult: the last line that the autograder prints to its standard output.
//
//   {"scores": {"01": 8, "02": 0}}
//
// docs.autolabproject.com/lab/ ("Writing Autograders"); the names must be those of the assessment's problems.
//
// An exercise that could not be judged is left out: Autolab then keeps the score that it has, or none. If that leaves
// nothing all are null, which it takes for "no score": a line without any score is an error to it, and of an error it
// makes a zero for each problem (saveAutograde in app/helpers/assessment_autograde_core.rb,
// github.com/autolab/Autolab).
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace lab::grader::formats {

// With a line end. Nothing if the report has no exercise, for then no line would do but one that gives a zero: print
// none, and let the job fail.
std::optional<std::string> autolab(const nlohmann::json& report);

}  // namespace lab::grader::formats
