// Draws small concurrent programs from the interface's operations, explores each, and checks every history against the
// one-thread model. A program that fails is shrunk to the smallest that still fails.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <set>
#include <sstream>

#include "tests/generated/draw.hpp"
#include "tests/generated/linearize.hpp"
#include "tests/generated/run.hpp"
#include "tests/generated/shrink.hpp"
#include "tools/exercises/channel.hpp"
#include "tools/explorer/account/names.hpp"
#include "tools/explorer/account/report.hpp"
#include "tools/explorer/account/symbols.hpp"

namespace {

using namespace lab::generated;
using lab::explorer::Options;
using lab::explorer::Verdict;

struct Arguments {
  std::uint64_t programs = std::getenv("LAB_THOROUGH") != nullptr ? 10'000 : 200;
  std::uint64_t seed = 1;
  std::string operations;
  bool graded = false;
  bool keep_going = false;
  bool outcomes_only = false;
  bool account = false;
  std::size_t states = states_max;
  std::string evidence;
};

// What 200 programs have 40 seconds for. Most bugs of two threads need one deviation and some need two; nobody has the
// time for all schedules with two of a dozen operations, so a part of the runs is by partial-order sampling.
Options exploration(const Arguments& arguments) {
  Options options;
  options.method = lab::explorer::Method::alternating;
  options.bound = 2;
  options.runs = 200;
  options.samples = 60;
  options.races = !arguments.outcomes_only;
  // The lab's code waits for nothing by time, and on no condition, in these operations.
  options.time_outs = false;
  options.spurious = false;
  return options;
}

std::string word(Verdict verdict) { return std::string(lab::explorer::verdict_word(verdict)); }

void print_account(Explorations& explorations, const Program& program, const lab::explorer::Findings& findings) {
  auto plan = *findings.plan;
  plan.trace = true;
  const auto run = explorations.replay(program, plan);
  const auto symbols = lab::explorer::Symbols::open("/proc/self/exe");
  if (!symbols) {
    fmt::print("no account: {}\n", symbols.error());
    return;
  }
  lab::explorer::Report report;
  report.verdict = findings.verdict;
  report.message = findings.message;
  report.runs = findings.runs;
  report.deviations = findings.deviations;
  report.preemptions = findings.preemptions;
  report.explanation = lab::explorer::explain(run.exchange->log, **symbols);
  fmt::print("{}\n", lab::explorer::to_text(report, 100));
}

// The clauses of the contract that say most about an operation, as tags of a claim.
std::string clauses_of(const Program& program) {
  std::set<std::string> clauses;
  for (const auto& thread : program.threads) {
    for (const Operation& operation : thread) clauses.insert(clause(operation.kind));
  }
  std::string tags;
  for (const std::string& one : clauses) tags += one.empty() ? "" : "[" + one + "]";
  return tags;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// What a grader is told (tools/exercises/evidence.hpp): one entry for all programs.
lab::exercises::Evidence as_evidence() {
  lab::exercises::Evidence evidence;
  evidence.judge = "model";
  evidence.test = lab::exercises::generated_claim;
  return evidence;
}

void report(Explorations& explorations, const Arguments& arguments, const char* called, std::uint64_t seed,
            const Program& program, const Explored& found) {
  const Verdict verdict = found.findings.verdict;
  const Program smallest = shrink(
      program, [&](const Program& smaller) { return explorations.explore(smaller).findings.verdict == verdict; });
  const Explored last = explorations.explore(smallest);
  fmt::print("program {} fails: {}: {}\n", seed, word(verdict), last.findings.message);
  fmt::print("the smallest program that fails so ({} of {} operations):\n{}", smallest.size(), program.size(),
             text(smallest));
  fmt::print("its history ({} deviation{}):\n{}", last.findings.deviations, last.findings.deviations == 1 ? "" : "s",
             lanes(last.history));
  if (arguments.account && last.findings.plan != nullptr) print_account(explorations, smallest, last.findings);
  fmt::print("again: {} --seed {} --programs 1{}{}{}\n\n", called, seed,
             arguments.operations.empty() ? "" : " --operations " + arguments.operations,
             arguments.graded ? " --graded" : "", arguments.outcomes_only ? " --outcomes-only" : "");
  std::fflush(stdout);  // hours may pass until the next one

  auto evidence = as_evidence();
  evidence.tags = clauses_of(smallest);
  evidence.verdict = word(verdict);
  evidence.summary = fmt::format("program {}: {}", seed, last.findings.message);
  evidence.runs = last.findings.runs;
  evidence.preemptions = last.findings.preemptions;
  evidence.account = lines_of(text(smallest) + "its history:\n" + lanes(last.history));
  lab::exercises::evidence_sink().put(0, evidence);
}

int explore_all(const Arguments& arguments, const char* called, const std::vector<Menu>& menus) {
  bool asks_stats = false;
  for (const Menu& menu : menus) {
    for (const Kind kind : menu) asks_stats = asks_stats || kind == Kind::get_stats;
  }
  Explorations explorations(exploration(arguments), AtTheEnd{.stats = asks_stats, .rows = !arguments.graded},
                            arguments.states);
  const auto start = std::chrono::steady_clock::now();
  std::uint64_t explored = 0;
  std::uint64_t failed = 0;
  std::uint64_t unjudged = 0;
  std::uint64_t runs = 0;
  std::uint64_t different = 0;
  std::uint64_t cut_short = 0;
  std::uint64_t exhausted = 0;
  for (std::uint64_t i = 0; i < arguments.programs; ++i) {
    const std::uint64_t seed = arguments.seed + i;
    const Program program = draw(seed, menus);
    const Explored found = explorations.explore(program);
    ++explored;
    runs += found.findings.runs;
    different += found.different;
    cut_short += found.cut_short;
    if (found.findings.exhaustive) ++exhausted;
    if (found.findings.verdict == Verdict::passed) continue;
    if (found.findings.verdict == Verdict::could_not_judge || found.findings.verdict == Verdict::nondeterministic) {
      ++unjudged;
      fmt::print("program {} could not be judged: {}: {}\n{}", seed, word(found.findings.verdict),
                 found.findings.message, text(program));
    } else {
      ++failed;
      report(explorations, arguments, called, seed, program, found);
    }
    if (!arguments.keep_going) break;
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print("{} programs from seed {}: {} failed, {} not judged; {} runs, {} different histories, {:.1f} s\n",
             explored, arguments.seed, failed, unjudged, runs, different, seconds);
  if (cut_short > 0)
    fmt::print("{} of these histories have more than {} states, and were taken for explained\n", cut_short,
               arguments.states);
  if (failed > 0) return 1;
  auto evidence = as_evidence();
  evidence.verdict = unjudged > 0 ? "could_not_judge" : "passed";
  if (unjudged > 0) evidence.summary = fmt::format("{} of {} programs could not be judged", unjudged, explored);
  evidence.runs = runs;
  lab::exercises::evidence_sink().put(0, evidence);
  return unjudged > 0 ? 3 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app("Explores generated programs and checks their histories against the one-thread model.");
  app.add_option("--programs", arguments.programs, "how many; 200, or 10,000 where LAB_THOROUGH is set");
  app.add_option("--seed", arguments.seed, "of the first; the next has the next one");
  app.add_option("--operations", arguments.operations,
                 "draw these only: NAME,NAME,...; a list for each thread in turn, between slashes");
  app.add_flag("--graded", arguments.graded, "only what the contract promises word by word: no other process, no rows");
  app.add_flag("--keep-going", arguments.keep_going, "also after a program that failed");
  app.add_flag("--outcomes-only", arguments.outcomes_only, "a data race alone is no failure");
  app.add_option("--states", arguments.states, "of the model, for one history; beyond, it is taken for explained")
      ->capture_default_str();
  app.add_option("--evidence", arguments.evidence, "write what came of it, as JSON");
  app.add_flag("--account", arguments.account, "tell the steps of the run that fails");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  std::vector<Menu> menus = arguments.operations.empty() ? full_menu() : menus_of(arguments.operations);
  if (arguments.graded) {
    for (Menu& menu : menus) std::erase_if(menu, is_another_process);
    std::erase_if(menus, [](const Menu& menu) { return menu.empty(); });
  }
  if (menus.empty() || arguments.programs == 0) {
    fmt::print(stderr, "generated: no such operations: '{}'\n", arguments.operations);
    return 2;
  }
  try {
    lab::exercises::evidence_sink().open(arguments.evidence);
    auto ended = as_evidence();
    ended.verdict = "crash";
    ended.summary = "the code under test ended the whole process";
    lab::exercises::evidence_sink().put(0, ended);
    return explore_all(arguments, argv[0], menus);
  } catch (const std::exception& error) {
    fmt::print(stderr, "generated: {}\n", error.what());
    return 3;
  }
}
