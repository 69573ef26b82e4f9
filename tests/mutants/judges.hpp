// The suite's judges, asked about one test at a time.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/mutants/build.hpp"
#include "tests/mutants/results.hpp"

namespace lab::mutants {

struct Test {
  std::string judge;  // one-thread, explorer, tsan
  Program program = Program::suite;
  std::string name;
};

struct Opinion {
  enum class Of { passes, fails, cannot_judge } of = Of::passes;
  std::string verdict;  // of a failure: a word of the lab's
  std::string summary;  // one line
};

// Every test that the original programs know, in the order in which they are to be tried: the one-thread claims, the
// concurrent ones under the explorer, then with real threads. Throws std::runtime_error if one of these has none.
std::vector<Test> all_tests(const Build& build);

// How far the explorer goes. A mutant that races all over has thousands of schedules more than `fixed`, and mostly
// shows itself within a few dozen of them.
enum class Depth { shallow, full };

// Runs one test of a program, in a process of its own.
Opinion ask(const std::filesystem::path& program, const Test& test, Depth depth);

// Whether all one-thread claims pass in one process: cheaper than to ask each of them, where none fails.
bool one_thread_passes(const std::filesystem::path& suite);

// What a program's end says.
Opinion opinion_of(const Test& test, int status, bool timed_out, const std::string& output);

}  // namespace lab::mutants
