// PrairieLearn's results.json, to be put in /grade/results/, which must be made first.
//
// Fields: prairielearn.readthedocs.io/en/latest/externalGrading/ ("Grading results"): the score is from 0 to 1, and the
// file should be of 1 MB at most. How they are shown: apps/prairielearn/elements/pl-external-grader-results in
// github.com/PrairieLearn/PrairieLearn, which shows no test's points if one test has none.
//
// If the submission or one of its exercises could not be judged, `gradable` is false, there is no score, and
// `format_errors` says why: PrairieLearn then awards and takes no points and counts no attempt.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

namespace lab::grader::formats {

struct PrairieLearnOptions {
  // A submission that does not compile is not gradable either and uses no attempt, as PrairieLearn suggests.
  bool unbuilt_uses_attempt = false;
  bool accounts = true;
  std::size_t bytes_max = 1'000'000;  // of the file; not below 32 KiB
};

std::string prairielearn(const nlohmann::json& report, const PrairieLearnOptions& options = {});

}  // namespace lab::grader::formats
