// The search: strategy and target brought together.
#pragma once

#include "tools/explorer/explorer.hpp"
#include "tools/explorer/target.hpp"

namespace lab::explorer {

// What a search came to, as plain data, so that it can come from another process: without the schedule.
struct SearchHead {
  Verdict verdict;
  bool found;  // a failing schedule
  bool complete, stopped_at_budget, unsound;
  bool not_repeatable;
  bool judged;  // the search ran to its end
  Minimal minimal, bound_kind;
  int completed;
  std::uint64_t runs, runs_until_found, unjudged;
  std::uint32_t race_count;
  std::uint64_t live_blocks;  // the most that any run left
  Outcome outcome;            // of the failing run; else of the first
  char unjudged_message[max_message];
  Race races[max_races];
};

struct Search : SearchHead {
  Plan failing;  // if one was found
};

// Fills `result`. Stops early when `give_up` says so after a run (null: never).
void search(Target& target, const Options& options, Search& result, bool (*give_up)(const Log&) = nullptr);

}  // namespace lab::explorer
