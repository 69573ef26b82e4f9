// check_program SOURCE PROGRAM [DEVIATIONS ARGUMENTS...]: explores the program, and compares what comes of it with what
// the head of its source says:
//
//   // What is wrong, in a sentence.
//   // expected: VERDICT        a word as the JSON report has it
//   // deviations: N            of the shortest schedule that shows it (optional)
//   // arguments: WORDS...      of the command line (optional)
//   // stdin: LINE              what it reads (optional)
//
// With more words, these stand for the head's deviations (-: unknown) and arguments.
//
// A failing program must fail each time with the same schedule, in a new process each, and each replay of that schedule
// must end in the same state. A program that is right must pass in a large number of schedules, systematic and sampled.
// With LAB_THOROUGH set in the environment, the counts are the full ones; without, a search of many runs is repeated
// less.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tools/explorer/account/names.hpp"
#include "tools/explorer/explorer.hpp"

using namespace lab::explorer;

namespace {

const bool thorough = std::getenv("LAB_THOROUGH") != nullptr;
const int repetitions_max = thorough ? 1'000 : 10;
// Of all the explorations of one program, unless one alone takes more.
const std::uint64_t runs_in_all_max = thorough ? std::numeric_limits<std::uint64_t>::max() : 8'000;
const std::uint64_t runs_without_failure = thorough ? 100'000 : 2'000;

std::map<std::string, std::string> read_head(const char* path) {
  std::map<std::string, std::string> head;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line) && line.starts_with("//");) {
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos && colon > 3) head.emplace(line.substr(3, colon - 3), line.substr(colon + 2));
  }
  return head;
}

std::string describe(const Findings& findings) {
  return fmt::format("{} ({}), {} deviations, {} runs, {} completed{}", verdict_word(findings.verdict),
                     findings.message, findings.deviations, findings.runs, findings.completed,
                     findings.limits.empty() ? "" : "; " + findings.limits.front());
}

bool same_schedule(const Plan& a, const Plan& b) {
  if (a.departure_count != b.departure_count || a.hot_count != b.hot_count) return false;
  for (std::uint32_t i = 0; i < a.departure_count; ++i)
    if (a.departures[i].choice != b.departures[i].choice ||
        !(a.departures[i].alternative == b.departures[i].alternative))
      return false;
  return true;
}

int check(const char* source, const char* path, const std::vector<std::string>& more) {
  auto head = read_head(source);
  if (!more.empty()) {
    head["deviations"] = more[0];
    head["arguments"] = fmt::format("{}", fmt::join(more.begin() + 1, more.end(), " "));
  }
  const bool known = head.contains("deviations") && head["deviations"] != "-" && head["expected"] != "passed";
  const auto expected = verdict_of(head["expected"]);
  if (!expected) {
    fmt::print("{}: its head names no verdict (`// expected: deadlock`, say)\n", source);
    return 2;
  }
  Program program;
  program.path = path;
  std::istringstream words(head["arguments"]);
  for (std::string word; words >> word;) program.arguments.push_back(word);
  if (head.contains("stdin")) program.input = head["stdin"] + "\n";

  Options options;
  options.runs = 20'000;
  if (known) options.bound = std::max(options.bound, static_cast<unsigned>(std::stoul(head["deviations"])));
  if (*expected == Verdict::passed) {
    options.runs = options.samples = runs_without_failure;
    options.time = std::chrono::minutes(thorough ? 40 : 2);
  }
  const Findings first = explore(program, options);
  fmt::print("{}\n", describe(first));
  if (first.verdict != *expected) {
    fmt::print("expected {}\n{}", head["expected"], first.output);
    return 1;
  }
  if (first.plan == nullptr) return 0;
  if (known && (first.minimal != Minimal::deviations || std::to_string(first.deviations) != head["deviations"])) {
    fmt::print("expected {} deviations, and that fewer are not enough\n", head["deviations"]);
    return 1;
  }
  const int repetitions = static_cast<int>(std::clamp<std::uint64_t>(
      runs_in_all_max / std::max<std::uint64_t>(first.runs, 1), 2, static_cast<std::uint64_t>(repetitions_max)));
  for (int i = 1; i < repetitions; ++i) {
    const Findings again = explore(program, options);
    if (again.verdict != first.verdict || again.runs != first.runs || !same_schedule(*again.plan, *first.plan)) {
      fmt::print("another exploration, number {}, found {}\n", i + 1, describe(again));
      return 1;
    }
    const Replayed replayed = replay(program, *first.plan);
    const Log& log = replayed.exchange->log;
    const bool shows_it =
        *expected == Verdict::data_race ? log.race_count > 0 : log.verdict == *expected || replayed.exit_status != 0;
    if (!shows_it || log.state != first.state) {
      fmt::print("replay {} ended as {} ({})\n", i, verdict_word(log.verdict), log.message);
      return 1;
    }
  }
  fmt::print("{} explorations and {} replays were alike\n", repetitions, repetitions - 1);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print("usage: check_program SOURCE PROGRAM [DEVIATIONS ARGUMENTS...]\n");
    return 2;
  }
  return check(argv[1], argv[2], {argv + 3, argv + argc});
}
