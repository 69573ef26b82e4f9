#include "tests/grader/judging/sample.hpp"

#include <stdexcept>

namespace lab::grader::samples {

using namespace exercises;

namespace {

Exercise exercise(const std::string& id, const std::string& bug, int points) {
  Exercise one;
  one.id = id;
  one.bug = bug;
  one.name = one.title = "exercise-" + id;
  one.points = points;
  return one;
}

}  // namespace

Index index() {
  Exercise first = exercise("01", "B1", 8), second = exercise("02", "B2", 4), third = exercise("03", "B6", 4);
  first.clauses = {"C3"};
  first.explored = {"one a", "one b"};
  first.also_mends = {"02"};
  second.clauses = {"C4"};
  second.explored = {"two a"};
  second.one_thread = {"two b"};
  third.clauses = {"C5"};
  third.explored = {"three"};
  return {"[one-thread]", {first, second, third}};
}

Course course() {
  auto read = read_index(LAB_INDEX);
  if (!read) throw std::runtime_error(read.error());
  Course course;
  course.index = std::move(*read);
  return course;
}

Finding finding(const std::string& claim, const std::string& verdict, const std::string& summary) {
  Finding one;
  one.claim = claim;
  one.verdict = verdict;
  one.summary = summary;
  return one;
}

std::vector<Finding> all_passed(const Index& index) {
  std::vector<Finding> all;
  for (const Exercise& one : index.exercises) {
    for (const auto* claims : {&one.explored, &one.one_thread})
      for (const std::string& claim : *claims) all.push_back(finding(claim));
  }
  return all;
}

Opinion opinion(const std::string& judge, std::vector<Finding> findings) {
  Opinion one = skipped(judge, "");
  one.verdict = "passed";
  one.findings = std::move(findings);
  return one;
}

}  // namespace lab::grader::samples
