// A small index and findings for the tests of what a judgement comes to.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tools/exercises/findings.hpp"
#include "tools/exercises/index.hpp"
#include "tools/grader/judging/report.hpp"

namespace lab::grader::samples {

// 01 (B1, 8 points, clause C3, mends 02 too) has the claims "one a" and "one b" under the explorer; 02 (B2, 4 points,
// clause C4) "two a" under the explorer and "two b" with one thread; 03 (B6, 4 points, clause C5) "three".
exercises::Index index();

// The index of the lab.
Course course();

exercises::Finding finding(const std::string& claim, const std::string& verdict = "passed",
                           const std::string& summary = "");

// Every claim of the index, passed.
std::vector<exercises::Finding> all_passed(const exercises::Index& index);

Opinion opinion(const std::string& judge, std::vector<exercises::Finding> findings);

}  // namespace lab::grader::samples
