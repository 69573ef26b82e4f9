// Makes the mutants of `fixed`, and shows that the suite kills each, or that it is proved equivalent.
//
//   mutants list FIXED                 the mutants, one a line
//   mutants run FIXED BUILD            tries each: builds it as BUILD builds `fixed`, and asks the suite's judges
//   mutants page FIXED PAGE            checks the page's tables; with --write RESULTS, makes them anew
//
// Exit status: 0 every mutant is killed or proved equivalent, the page is right · 1 one survived, the page is wrong ·
// 2 usage · 3 could not judge.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <thread>

#include "tests/mutants/files.hpp"
#include "tests/mutants/mutations.hpp"
#include "tests/mutants/page.hpp"
#include "tests/mutants/proofs.hpp"
#include "tests/mutants/trial.hpp"

namespace {

using namespace lab::mutants;
namespace fs = std::filesystem;

enum Status : int { passed = 0, failed = 1, usage = 2, could_not_judge = 3 };

constexpr std::size_t mutants_min = 40;

struct Asked {
  fs::path fixed;
  fs::path build;
  fs::path page;
  fs::path json;
  std::vector<std::string> only;
  std::string shard = "1/1";
  std::size_t sample = 1;
  unsigned jobs = 2;
  bool proved_too = false;
};

std::vector<Mutant> mutants_in(const fs::path& fixed) {
  std::vector<Mutant> mutants =
      mutants_of(read_source(fixed / "session_manager.hpp"), read_source(fixed / "session_manager.cpp"));
  if (mutants.size() < mutants_min) {
    throw UnknownShape(fmt::format("only {} mutants; at least {} are expected", mutants.size(), mutants_min));
  }
  return mutants;
}

std::map<std::string, std::string> proofs_of(const fs::path& fixed, const std::vector<Mutant>& mutants) {
  return proof_of(read_proofs(fixed / "../tests/mutants/equivalent.json", mutants));
}

// The Kth of every N, K from 1.
std::vector<Mutant> shard_of(std::vector<Mutant> mutants, std::size_t k, std::size_t n) {
  std::vector<Mutant> chosen;
  for (std::size_t i = k - 1; i < mutants.size(); i += n) chosen.push_back(std::move(mutants[i]));
  return chosen;
}

bool thorough() { return std::getenv("LAB_THOROUGH") != nullptr; }

std::vector<Mutant> chosen(const Asked& asked, std::vector<Mutant> mutants) {
  for (const std::string& id : asked.only) {
    if (std::none_of(mutants.begin(), mutants.end(), [&](const Mutant& mutant) { return mutant.id == id; })) {
      throw CLI::ValidationError("--only", id + " is no mutant");
    }
  }
  if (!asked.only.empty()) {
    std::erase_if(mutants, [&](const Mutant& mutant) {
      return std::find(asked.only.begin(), asked.only.end(), mutant.id) == asked.only.end();
    });
  }
  std::size_t k = 0;
  std::size_t n = 0;
  if (std::sscanf(asked.shard.c_str(), "%zu/%zu", &k, &n) != 2 || k < 1 || k > n) {
    throw CLI::ValidationError("--shard", "K/N, with K from 1 to N");
  }
  return shard_of(shard_of(std::move(mutants), k, n), 1, thorough() ? 1 : asked.sample);
}

void print(const Result& result) {
  const Kill& kill = result.kill;
  if (result.fate == Fate::killed) {
    fmt::print("{}: killed in {:.1f} s by {}, \"{}\": {}\n", result.id, result.seconds, kill.judge, kill.test,
               result.summary.empty() ? kill.verdict : result.summary);
  } else {
    fmt::print("{}: {} {}\n", result.id, to_string(result.fate), result.summary);
  }
  std::fflush(stdout);
}

int list(const Asked& asked) {
  const std::vector<Mutant> mutants = mutants_in(asked.fixed);
  const auto proofs = proofs_of(asked.fixed, mutants);
  for (const Mutant& mutant : mutants) {
    fmt::print("{} {}:{}: {}{}\n", mutant.id, mutant.file, mutant.line, mutant.what,
               proofs.contains(mutant.id) ? " (proved equivalent)" : "");
  }
  return passed;
}

int run(const Asked& asked) {
  const std::vector<Mutant> all = mutants_in(asked.fixed);
  const auto proofs = proofs_of(asked.fixed, all);
  const std::map<std::string, Kill> known =
      asked.page.empty() ? std::map<std::string, Kill>{} : kills_on(read_file(asked.page));
  const std::vector<Mutant> mutants = chosen(asked, all);
  const Build build(asked.fixed, asked.build);
  Trials trials(build, all_tests(build), asked.build / "mutants");

  std::vector<Result> results;
  std::atomic<std::size_t> next{0};
  std::mutex telling;  // guards results
  const auto tell = [&](const Result& result) {
    const std::lock_guard lock(telling);
    results.push_back(result);
    print(result);
    if (result.fate == Fate::killed && proofs.contains(result.id)) fmt::print("...which was proved equivalent\n");
    if (!asked.json.empty()) write_results(asked.json, results);  // each time, for a run that is stopped
  };
  const auto work = [&] {
    for (std::size_t i = next++; i < mutants.size(); i = next++) {
      const Mutant& mutant = mutants[i];
      const bool is_proved = proofs.contains(mutant.id);
      if (is_proved && !asked.proved_too && !thorough()) {
        tell({mutant.id, Fate::proved, {}, "", 0});
        continue;
      }
      const auto kill = known.find(mutant.id);
      Result result = trials.run(mutant, kill == known.end() ? std::nullopt : std::optional(kill->second));
      if (is_proved && result.fate == Fate::survived) result.fate = Fate::proved;
      tell(result);
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < asked.jobs; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();

  const auto number_of = [&](Fate fate) {
    return std::count_if(results.begin(), results.end(), [&](const Result& result) { return result.fate == fate; });
  };
  const bool refuted = std::any_of(results.begin(), results.end(), [&](const Result& result) {
    return result.fate == Fate::killed && proofs.contains(result.id);
  });
  fmt::print("{} mutants: {} killed, {} proved equivalent, {} survived, {} could not be judged\n", results.size(),
             number_of(Fate::killed), number_of(Fate::proved), number_of(Fate::survived),
             number_of(Fate::could_not_judge));
  if (number_of(Fate::survived) > 0 || refuted) return failed;
  return number_of(Fate::could_not_judge) > 0 ? could_not_judge : passed;
}

int page(const Asked& asked) {
  const std::vector<Mutant> mutants = mutants_in(asked.fixed);
  const auto proofs = proofs_of(asked.fixed, mutants);
  std::string text = read_file(asked.page);
  if (!asked.json.empty()) {
    std::map<std::string, Kill> kills = kills_on(text);
    for (const Result& result : read_results(asked.json)) {
      if (result.fate == Fate::killed) kills[result.id] = result.kill;
      if (result.fate == Fate::survived) kills.erase(result.id);
    }
    text = with_tables(text, mutants, kills, proofs);
    write_file(asked.page, text);
  }
  std::set<std::string> tests;
  for (const char* folder : {"../tests/claims", "../tests/races"}) {
    for (const auto& entry : fs::directory_iterator(asked.fixed / folder)) {
      for (std::string& name : tests_in(read_file(entry.path()))) tests.insert(std::move(name));
    }
  }
  const std::vector<std::string> faults = faults_of(text, mutants, proofs, tests);
  for (const std::string& fault : faults) fmt::print("{}: {}\n", asked.page.filename().string(), fault);
  return faults.empty() ? passed : failed;
}

}  // namespace

int main(int argc, char** argv) {
  Asked asked;
  CLI::App app("Mutants of fixed, and the tests that kill them.");
  app.require_subcommand(1);

  CLI::App* const listing = app.add_subcommand("list", "name the mutants");
  CLI::App* const running = app.add_subcommand("run", "try each mutant before the suite's judges");
  CLI::App* const paging = app.add_subcommand("page", "check the page's tables");
  for (CLI::App* command : {listing, running, paging}) {
    command->add_option("FIXED", asked.fixed, "the folder of session_manager.hpp and .cpp")
        ->required()
        ->check(CLI::ExistingDirectory);
  }
  running->add_option("BUILD", asked.build, "a Ninja build of it, for ThreadSanitizer")
      ->required()
      ->check(CLI::ExistingDirectory);
  running->add_option("--page", asked.page, "try first what killed the mutant by this page")->check(CLI::ExistingFile);
  running->add_option("--json", asked.json, "write what became of each to this file");
  running->add_option("--jobs", asked.jobs, "mutants at once")->check(CLI::Range(1, 64));
  running->add_option("--only", asked.only, "this mutant; may be repeated");
  running->add_option("--shard", asked.shard, "K/N: the Kth of every N mutants");
  running->add_option("--sample", asked.sample, "one of every N; all where LAB_THOROUGH is set")
      ->check(CLI::Range(1, 1000));
  running->add_flag("--proved-too", asked.proved_too,
                    "also try those that are proved equivalent; so does LAB_THOROUGH");
  paging->add_option("PAGE", asked.page)->required()->check(CLI::ExistingFile);
  paging->add_option("--write", asked.json, "first make the tables from these results")->check(CLI::ExistingFile);

  try {
    app.parse(argc, argv);
    if (*listing) return list(asked);
    return *running ? run(asked) : page(asked);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? passed : usage;
  } catch (const std::exception& error) {
    fmt::print(stderr, "mutants: {}\n", error.what());
    return could_not_judge;
  }
}
