// Explores a claim that must fail for a stated reason: verdict, words and place.
//
//   check_explored BUG CLAIM VERDICT WORDS FUNCTION SOURCE RECORD PROGRAM
//
// Runs PROGRAM (explored_buggy) on CLAIM, several times over, and exits with 0 if its first failing schedule has
// VERDICT, a summary that matches WORDS, at most 2 preemptions, and interrupts or blocks a thread in FUNCTION at most
// 12 lines from a mark of BUG in SOURCE. FUNCTION "-": the claim fails under every schedule, and no place is asked for;
// FUNCTION with a
// "!" in front: the place has no mark (the want of C12). What was found is written to RECORD (matrix/record.hpp).
// Exit status: 1 it does not · 2 usage · 3 the claim could not be explored.
#include <fmt/format.h>

#include <cstdlib>
#include <exception>
#include <regex>
#include <string>
#include <vector>

#include "tests/explored/marks.hpp"
#include "tests/matrix/record.hpp"
#include "tests/support/folder.hpp"
#include "tools/exercises/evidence.hpp"
#include "tools/exercises/spec.hpp"
#include "tools/process/process.hpp"

using namespace lab::test;
using namespace lab::exercises;

namespace {

constexpr std::uint32_t preemptions_max = 2;
constexpr int lines_max = 12;  // from the mark to the next point, where a schedule can interrupt

int refuse(const std::string& what, const Evidence& evidence) {
  fmt::print("{}: found {}: {}\n", what, evidence.verdict, evidence.summary);
  for (const EvidencePlace& place : evidence.places) fmt::print("  at {} ({})\n", place.location, place.function);
  return 1;
}

int check(const std::vector<std::string>& words) {
  const std::string &bug = words[0], &claim = words[1], &verdict = words[2], &says = words[3], &source = words[5],
                    &program = words[7];
  std::string function = words[4];
  const bool marked = !function.starts_with("!");
  if (!marked) function.erase(0, 1);

  const Folder folder;
  const std::string file = (folder.path() / "evidence.json").string();
  const int repeat = std::getenv("LAB_THOROUGH") != nullptr ? 1000 : 5;
  const lab::process::Command command{.words = {program, spec_of(claim), "--explore-brief", "--explore-samples", "0",
                                                "--explore-repeat", std::to_string(repeat), "--evidence", file}};
  const lab::process::Ran ran = lab::process::run(command);
  fmt::print("{}", ran.output);
  if (!ran.started || ran.status == 2) {
    fmt::print("the command explored nothing: {}\n", fmt::join(command.words, " "));
    return 3;
  }
  const auto all = read_evidence(file);
  // It is written only where all the explorations came to the same.
  if (all && all->empty()) {
    fmt::print("the explorations differ, or there was none\n");
    return 1;
  }
  if (!all || all->size() != 1 || all->front().test != claim) {
    fmt::print("no evidence of the one claim, \"{}\", in what {} wrote\n", claim, program);
    return 3;
  }
  const Evidence& evidence = all->front();
  if (evidence.verdict != verdict) return refuse("expected the verdict " + verdict, evidence);
  if (!std::regex_search(evidence.summary, std::regex(says))) return refuse("expected /" + says + "/", evidence);
  if (evidence.preemptions > preemptions_max)
    return refuse(fmt::format("{} preemptions are more than {}", evidence.preemptions, preemptions_max), evidence);

  Record record{bug, claim, "explore", verdict, evidence.runs, evidence.preemptions, ""};
  if (function != "-") {
    const std::vector<int> marks = marked ? lines_that_mark(bug, source) : std::vector<int>{};
    for (const EvidencePlace& place : evidence.places) {
      const bool there = place.function.ends_with("::" + function);
      if (there && (!marked || is_near(place.location, marks, lines_max))) record.place = function;
    }
    if (record.place.empty()) {
      return refuse(fmt::format("expected a place in {}{}", function,
                                marked ? fmt::format(", at most {} lines from a mark of {}", lines_max, bug) : ""),
                    evidence);
    }
  }
  write_record(words[6], record);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() != 8) {
    fmt::print(stderr, "usage: check_explored BUG CLAIM VERDICT WORDS FUNCTION SOURCE RECORD PROGRAM\n");
    return 2;
  }
  try {
    return check(words);
  } catch (const std::exception& error) {
    fmt::print("check_explored: {}\n", error.what());
    return 3;
  }
}
