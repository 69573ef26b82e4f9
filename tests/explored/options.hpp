// What the explored judge is told on its command line, beside Catch2's own options.
#pragma once

#include <cstdint>
#include <string>

namespace lab::test {

struct ExploredOptions {
  unsigned deviations = 2;      // the bound up to which everything is run
  unsigned preemptions = 2;     // likewise, for claims of two threads; 0: not searched so
  int seconds = 0;              // go on to higher preemption bounds for so long
  std::uint64_t samples = 500;  // runs by partial-order sampling after that
  int repeat = 1;               // explorations; all must come to the same
  std::string evidence;         // a file: what was found, as JSON (tools/exercises/evidence.hpp)
  int account_width = 0;        // of the lanes in it, in columns; 0: none
  unsigned account_rows = 0;    // and about as many lines, by leaving out steps; 0: as many as it takes
  bool timeline = false;        // and in it what a page to step through is made of
  bool play = false;            // and to play in: of a claim that passes, too
  std::string replay;           // instead: one run under this schedule
  int width = 110;              // of the account in words, in columns
  bool brief = false;           // the sentence only, not the account in lanes
};

// The process's one: written by main() before any claim is tried.
ExploredOptions& explored_options();

}  // namespace lab::test
