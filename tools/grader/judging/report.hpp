// The report of one submission, as docs/reference/grade-report.md has it.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tools/grader/judging/grade.hpp"
#include "tools/grader/judging/judges.hpp"
#include "tools/grader/judging/workshop.hpp"

namespace lab::grader {

struct Case {
  std::string subject;
  Tier tier = Tier::namespaces;
  std::uint64_t seed = 0;
  std::string fingerprint;  // Grader::fingerprint
  std::string code;         // the submission's header and source, for the rules on tempting fixes
  double seconds = 0;
  std::vector<Opinion> opinions;
  std::vector<CompilerWords> warnings;
};

nlohmann::json report_of(const Course& course, const Case& about);

// Nothing was tried, and that is the submission's doing: every exercise has failed for this reason. `evidence` has
// an entry of the judge that refused it.
nlohmann::json refused_report(const Course& course, const Case& about, const std::string& reason,
                              const nlohmann::json& evidence);

// Nothing was tried, and that is not the submission's doing: there are no points, and no verdict.
nlohmann::json unjudged_report(const Course& course, const Case& about, const std::string& reason);

}  // namespace lab::grader
