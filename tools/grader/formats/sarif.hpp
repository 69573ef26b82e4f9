// SARIF 2.1.0: where in the submission something was found, for editors and code scanning.
//
// docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html and the schema beside it. What code scanning takes of it:
// docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning: 25,000
// results of a run at most, of which 5,000 are shown.
//
//   rules        an exercise each, by its bug: "B1"; and "compiler-warning"
//   results      a claim that failed: an error, or a warning if it is not scored; a compiler's warning: a warning
//   invocations  what could not be judged, as notifications of the tool's execution; executionSuccessful is false then
//
// There are no points in it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace lab::grader::formats {

struct SarifOptions {
  // Before the file's name, to make its path in a repository: "assignment/".
  std::string folder = {};
  // Where the folder exercises/ of the documentation is served, with the last slash. SARIF takes absolute addresses
  // only, so without it a rule has no helpUri, and its help names the page's path.
  std::string exercises_uri = {};
  std::size_t results_max = 5'000;
};

std::string sarif(const nlohmann::json& report, const SarifOptions& options = {});

}  // namespace lab::grader::formats
