// JUnit XML, as build servers read it.
//
// There is no standard of it; the fields are those of junit-10.xsd of Jenkins' xUnit plugin
// (github.com/jenkinsci/xunit-plugin, src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd).
//
//   testsuites               the submission; counts and seconds
//     testsuite "judges"     a test case for each judge, and one for the whole; properties: points, points_max, seed,
//     tier testsuite "01 Title"   an exercise; a test case for each claim, and one of the exercise's title if the
//     claims alone
//                            don't show its verdict
//
// A claim that failed is a `failure`, what could not be judged an `error`, what was skipped `skipped`. A finding that
// is not scored is no failure: it stands in the test case's system-out.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace lab::grader::formats {

// There are failures or errors exactly if the submission or one of its exercises failed or could not be judged.
std::string junit(const nlohmann::json& report);

}  // namespace lab::grader::formats
