// The matrix as a page of docs/, and whether it still is what the tests find.
#pragma once

#include <string>
#include <vector>

#include "tests/matrix/record.hpp"

namespace lab::test {

// The page of these records, which are of all builds.
std::string page_of(const std::vector<Record>& records);

// What is wrong with `page` by the records of one build, a sentence each: a row that the page lacks or has too many of,
// or whose cell says something else. Tries of a program with real threads are not compared: they vary.
std::vector<std::string> faults_of(const std::string& page, const std::string& build,
                                   const std::vector<Record>& records);

}  // namespace lab::test
