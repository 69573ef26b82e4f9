// Gradescope's results.json, to be put in /autograder/results/.
//
// Fields and their values: gradescope-autograders.readthedocs.io/en/latest/specs/ ("Output format", "Controlling Test
// Case Visibility"). It states no limit of size; ours keeps the page quick.
//
// The file needs a score at its top, or one for each test. If the submission or one of its exercises could not be
// judged it has none at all, neither there nor at the tests: a sum over what was judged would count the rest as zero.
// Gradescope takes such a file for a failure of the autograder, so no score is recorded, and the submission can be run
// again. run_autograder should then exit with the grader's status, 3.
#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace lab::grader::formats {

enum class Visibility { visible, hidden, after_due_date, after_published };

struct GradescopeOptions {
  // A test for each claim, "1.1", where the claims' points add up to the exercise's; else one for each exercise, "1".
  bool by_claim = false;
  Visibility visibility = Visibility::visible;
  std::map<std::string, Visibility> exercises = {};  // by id, where it is another
  Visibility stdout_visibility = Visibility::hidden;
  bool accounts = true;               // failing schedules, in lanes
  std::size_t bytes_max = 1'000'000;  // of the file; not below 32 KiB
};

// Where an exercise is not `visible`, the text of the whole names neither the verdict nor the sum. Note that Gradescope
// shows a total beside tests that are `hidden`, and keeps it back while some are after_due_date or after_published.
std::string gradescope(const nlohmann::json& report, const GradescopeOptions& options = {});

// "after_due_date".
const char* word(Visibility visibility);

}  // namespace lab::grader::formats
