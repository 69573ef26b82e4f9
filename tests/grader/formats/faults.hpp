// What is wrong with a file, a sentence each, by the published list of its format's fields. For tests.
#pragma once

#include <string>
#include <vector>

namespace lab::grader::formats::faults {

using Faults = std::vector<std::string>;

// gradescope-autograders.readthedocs.io/en/latest/specs/: known fields with values of the stated kind, and a score
// either at the top or at no test; and no more than 1,000,000 bytes.
Faults of_gradescope(const std::string& text);

// prairielearn.readthedocs.io/en/latest/externalGrading/: `score` in 0 to 1 exactly if gradable, and at most 1 MB.
Faults of_prairielearn(const std::string& text);

// One line; `scores` is not empty and has numbers or nulls; and no word stands before a colon without quotes, nor
// inside of a string, for Autolab would put quotes there.
Faults of_autolab(const std::string& text);

// junit-10.xsd of Jenkins' xUnit plugin: elements, their children and attributes; and that the counts are right.
Faults of_junit(const std::string& text);

// What the schema of SARIF 2.1.0 asks of the objects that we write: required properties, no unknown ones, kinds,
// enumerations, addresses; and that each ruleIndex names the rule of the ruleId.
Faults of_sarif(const std::string& text);

// Well formed as XML too; only elements and attributes that load nothing and run nothing; the policy that forbids
// scripts comes before all else; every link leads to an id of the page, each id is there once; headings go down one by
// one; no element but a void one is empty.
Faults of_html(const std::string& text);

// RFC 4180: records end with CRLF, have equally many fields, and quotes are balanced; and no field is a formula.
Faults of_csv(const std::string& text);

// The fields of CSV; what of_csv() finds faulty is read as far as it goes.
std::vector<std::vector<std::string>> records(const std::string& csv);

}  // namespace lab::grader::formats::faults
