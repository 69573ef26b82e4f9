// The table of mutants in docs/reference/mutants.md: each mutant with the test that kills it, or with the proof that
// none can. The rows stand between two marks; the text round them is written by hand.
//
//   <!-- mutants: killed -->
//   | mutant | what it does | killed by | how |
//   ...
//   <!-- mutants: end -->
//   <!-- mutants: proved -->
//   ...
//   <!-- mutants: end -->
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/mutants/mutations.hpp"
#include "tests/mutants/results.hpp"

namespace lab::mutants {

// Who killed whom, by id. Throws std::runtime_error if the marks are missing or a row is not of the form.
std::map<std::string, Kill> kills_on(const std::string& page);

// The page with both tables made anew. A mutant that is neither killed nor proved has no row.
std::string with_tables(const std::string& page, const std::vector<Mutant>& mutants,
                        const std::map<std::string, Kill>& kills, const std::map<std::string, std::string>& proofs);

// What is wrong with the page, a sentence each: a mutant that is neither killed nor proved, a row without a mutant, a
// test that is not among the known ones, tables that are not as with_tables makes them.
std::vector<std::string> faults_of(const std::string& page, const std::vector<Mutant>& mutants,
                                   const std::map<std::string, std::string>& proofs,
                                   const std::set<std::string>& known_tests);

// The names of the tests in a file of the suite.
std::vector<std::string> tests_in(const std::string& text);

}  // namespace lab::mutants
