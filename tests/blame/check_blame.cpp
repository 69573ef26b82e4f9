// Tries the claims of the index on one copy of the handout, and checks which exercises are green.
//
//   check_blame --index FILE --source FILE --explored PROGRAM --one-thread PROGRAM --handout FILE [--compare |
//   --record]
//               --green all|none|ID...
//
// The copy is SOURCE, and the programs are made of it. FILE, exercises/handout_races.json, says which pairs of places
// race in the handout. With --compare the copy is the handout itself, and the file must say what is found in it; with
// --record the file is written.
//
// An exercise that is to be red is settled by its first claim that fails it; all are tried if LAB_THOROUGH is set.
// Exit status: 0 as expected · 1 not so · 2 usage · 3 something could not be judged.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "tools/exercises/blame.hpp"
#include "tools/exercises/handout.hpp"
#include "tools/exercises/trials.hpp"

namespace {

using namespace lab::exercises;

enum class Handout { read, compare, record };

struct Options {
  std::string index, source, explored, one_thread;
  std::string handout_races;
  Handout handout = Handout::read;
  std::vector<std::string> green;
};

int usage(const std::string& what) {
  fmt::print(stderr,
             "check_blame: {}\nusage: check_blame --index FILE --source FILE --explored PROGRAM --one-thread PROGRAM "
             "--handout FILE [--compare | --record] --green all|none|ID...\n",
             what);
  return 2;
}

std::optional<Options> options_from(const std::vector<std::string>& words) {
  Options options;
  std::vector<std::string*> awaited;  // the last comes first
  bool green = false;
  for (const std::string& word : words) {
    if (!awaited.empty()) {
      *awaited.back() = word;
      awaited.pop_back();
    } else if (green) {
      options.green.push_back(word);
    } else if (word == "--index") {
      awaited = {&options.index};
    } else if (word == "--source") {
      awaited = {&options.source};
    } else if (word == "--explored") {
      awaited = {&options.explored};
    } else if (word == "--one-thread") {
      awaited = {&options.one_thread};
    } else if (word == "--handout") {
      awaited = {&options.handout_races};
    } else if (word == "--compare") {
      options.handout = Handout::compare;
    } else if (word == "--record") {
      options.handout = Handout::record;
    } else if (word == "--green") {
      green = true;
    } else {
      return std::nullopt;
    }
  }
  for (const std::string* needed :
       {&options.index, &options.source, &options.explored, &options.one_thread, &options.handout_races}) {
    if (needed->empty()) return std::nullopt;
  }
  if (options.green.empty()) return std::nullopt;
  return options;
}

bool among(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

int check(const Options& options) {
  const auto index = read_index(options.index);
  if (!index) {
    fmt::print("{}\n", index.error());
    return 3;
  }
  const bool thorough = std::getenv("LAB_THOROUGH") != nullptr;
  const bool whole = thorough || options.handout != Handout::read;
  HandoutRaces known;
  if (options.handout != Handout::record) {
    const auto races = read_handout_races(options.handout_races);
    if (!races) {
      fmt::print("{}\n", races.error());
      return 3;
    }
    known = *races;
  }

  // Sampling is for what the bounds leave out. Each mended bug is a matter of two preemptions at most.
  Effort effort;
  effort.sampled = thorough;
  Trials trials({options.explored, options.one_thread, options.source}, effort);
  std::vector<Finding> findings;
  for (const Exercise& exercise : index->exercises) {
    const bool green = options.green.front() == "all" || among(options.green, exercise.id);
    bool settled = false;
    const auto add = [&](Finding finding) {
      for (const Blame& one : blame(*index, known, finding)) settled |= one.exercise == exercise.id;
      findings.push_back(std::move(finding));
    };
    const auto enough = [&] { return settled && !green && !whole; };
    for (const std::string& claim : exercise.explored) {
      if (!enough()) add(trials.explored(claim));
    }
    for (const std::string& claim : exercise.one_thread) {
      if (!enough()) add(trials.one_thread(claim, !green));
    }
  }
  const HandoutRaces found = races_of_handout(*index, findings);
  if (options.handout == Handout::record) {
    known = found;
    write_handout_races(options.handout_races, known);
  }
  if (options.handout == Handout::compare && !same_races(known, found)) {
    fmt::print("{} does not say what races in {}; write it anew with --record\n", options.handout_races,
               options.source);
    return 1;
  }

  bool as_expected = true;
  bool unjudged = false;
  for (const Judged& judged : judge(*index, known, findings)) {
    const bool green = options.green.front() == "all" || among(options.green, judged.exercise);
    const bool is_green = judged.standing == Standing::passed;
    const bool is_red = judged.standing == Standing::failed;
    unjudged |= !is_green && !is_red;
    if (green ? is_red : is_green) as_expected = false;
    fmt::print("{} {}{}\n", judged.exercise,
               is_green ? "green"
               : is_red ? "red"
                        : "could not be judged",
               (green ? is_green : is_red) ? ""
               : green                     ? "; it must be green"
                                           : "; it must be red");
    for (const std::string& reason : judged.reasons) fmt::print("     {}\n", reason);
    if (!judged.also_seen.empty()) fmt::print("     also seen: exercise {}\n", fmt::join(judged.also_seen, ", "));
  }
  fmt::print("{} claims in {:.1f} s of processor time\n", findings.size(), trials.cpu_seconds());
  return !as_expected ? 1 : unjudged ? 3 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = options_from({argv + 1, argv + argc});
  if (!options) return usage("an argument is missing or unknown");
  try {
    return check(*options);
  } catch (const std::exception& error) {
    fmt::print("check_blame: {}\n", error.what());
    return 3;
  }
}
