// What an exploration came to, for people (to_text) and for tools (to_json). All of this file is thread safe.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tools/explorer/account/explanation.hpp"
#include "tools/explorer/protocol.hpp"

namespace lab::explorer {

// What is counted: by a bound, or by the claim that there is no shorter schedule.
enum class Measure : std::uint8_t { none, deviations, preemptions };

struct Bound {
  Measure kind = Measure::none;  // none: no bound limits the schedules
  std::uint32_t value = 0;       // exhaustive: explored up to and including it
};

struct Report {
  std::string program;  // as it was called, for the command that replays
  std::vector<std::string> arguments;
  Verdict verdict = Verdict::passed;
  std::string message;  // the run's one sentence; empty when passed
  std::uint64_t runs = 0;
  std::uint64_t budget_runs = 0;  // the limit that ended the search; 0: that was not why it ended
  double budget_seconds = 0;      // likewise
  std::uint32_t preemptions = 0;  // of the schedule that fails
  std::uint32_t deviations = 0;
  Measure minimal = Measure::none;  // what that schedule has fewest of; none: it is the shortest that was found
  bool exhaustive = false;          // every schedule within `bound` was run, or is like one that was
  Bound bound;
  double seconds = 0;          // on the wall
  double virtual_seconds = 0;  // of the program's time, in the reported run
  bool ended_by_time = false;  // in it some wait ended only because its time was up and nothing else could run
  std::uint64_t seed = 0;
  std::string replay;               // the schedule's string; empty when passed
  std::vector<std::string> limits;  // sentences: what the exploration could not see
  std::optional<Explanation> explanation;
  std::string output;  // what the program printed in the reported run; any bytes
};

// The object that `explore --json` writes, schema 1:
//
//   schema, verdict, runs, preemptions, deviations, minimal ("preemptions", "deviations", "none"), exhaustive,
//   bound {kind (as minimal), value}, seconds, replay (null when passed),
//   steps [{thread (0: main), location ("f.cpp:12"; null), operation, object (null: none), value (a number, a string in
//           hex from 2^32 on, or null), written_by (index from 0 in this array; null)}]
//
// An operation is an entry of its own; the failure is one as well. Beyond the contract: steps have step (its number in
// the text), file, function, text, other, waiting, times, takes_over, preempts, and block and block_times on the first
// of steps that repeat; a write over what another thread wrote unseen has overwrites, and last_read for where its
// thread last looked (both as written_by); an entry for many words has words, their number. An entry of blocked has
// taken_at, where the holder took the lock (or null). And the report has message, seed, program, arguments, races,
// blocked, limits, output, virtual_seconds, ended_by_time, truncated. All strings are well-formed UTF-8 without control
// characters but, in the output, line feeds and tabs.
nlohmann::json to_json(const Report& report);

// The same in words: lines of at most `width` columns where they can be broken. The last line is the command that
// replays the run; when passed there is none.
std::string to_text(const Report& report, std::size_t width);

// "deadlock at f.cpp:20 (transfer), in thread 1: MESSAGE"; "passed".
std::string verdict_sentence(const Report& report);

// The honest sentence: what was explored, all of what or until when.
std::string extent_sentence(const Report& report);

// How short the failing schedule is, and whether a shorter one can be ruled out.
std::string length_sentence(const Report& report);

// "./lab replay STRING PROGRAM ARGS...", quoted for a POSIX shell; empty where there is nothing to replay.
std::string replay_command(const Report& report);

}  // namespace lab::explorer
