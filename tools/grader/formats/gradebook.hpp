// The points of a class as a table that spreadsheets and gradebooks take: CSV as RFC 4180 has it, in UTF-8, with a
// head.
//
//   subject,verdict,points,01,02
//   alice.zip,failed,72,8,0
//   bob.zip,could_not_judge,,8,
//
// What could not be judged is an empty cell, which a gradebook takes for "not graded"; a zero is a zero. With an
// earlier run there are four columns more: verdict_before, points_before, change (of the points), and changed, the
// exercises whose points or verdict differ: "02: 0 → 8".
//
// A cell of foreign text that a spreadsheet would take for a formula has an apostrophe before it
// (owasp.org/www-community/attacks/CSV_Injection).
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace lab::grader::formats {

std::string gradebook(const std::vector<nlohmann::json>& reports);

// A submission of the earlier run that is gone has a row too, at the end, without new points.
std::string gradebook(const std::vector<nlohmann::json>& reports, const std::vector<nlohmann::json>& before);

}  // namespace lab::grader::formats
