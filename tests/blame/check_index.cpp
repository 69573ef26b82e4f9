// Checks the index of exercises: its form, and that it names claims which there are.
//
//   check_index INDEX EXPLORED_PROGRAM ONE_THREAD_PROGRAM
//
// Exit status: 0 nothing is wrong · 1 something is · 2 usage.
#include <fmt/format.h>

#include <set>
#include <sstream>

#include "tools/exercises/index.hpp"
#include "tools/process/process.hpp"

namespace {

using namespace lab::exercises;
using namespace std::chrono_literals;

// The names of a program's tests, as it lists them one a line: a name of many words is not broken.
std::set<std::string> tests_of(const std::string& program) {
  const lab::process::Ran ran =
      lab::process::run({.words = {program, "--list-tests", "--verbosity", "quiet"}, .limit = 60s});
  std::set<std::string> names;
  std::istringstream lines(ran.output);
  for (std::string line; std::getline(lines, line);) names.insert(line);
  return names;
}

int check_names(const Exercise& exercise, const std::vector<std::string>& claims, const std::set<std::string>& tests,
                const std::string& program) {
  int faults = 0;
  for (const std::string& claim : claims) {
    if (tests.contains(claim)) continue;
    fmt::print("exercise {}: {} has no claim \"{}\"\n", exercise.id, program, claim);
    ++faults;
  }
  return faults;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    fmt::print(stderr, "usage: check_index INDEX EXPLORED_PROGRAM ONE_THREAD_PROGRAM\n");
    return 2;
  }
  const auto index = read_index(argv[1]);
  if (!index) {
    fmt::print("{}\n", index.error());
    return 1;
  }
  const auto explored = tests_of(argv[2]);
  const auto one_thread = tests_of(argv[3]);
  int faults = 0;
  for (const Exercise& exercise : index->exercises) {
    faults += check_names(exercise, exercise.explored, explored, argv[2]);
    faults += check_names(exercise, exercise.one_thread, one_thread, argv[3]);
  }
  if (faults == 0) fmt::print("{} exercises; every claim is there\n", index->exercises.size());
  return faults == 0 ? 0 : 1;
}
