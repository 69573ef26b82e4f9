// The string that replays a run. Version 1 of its format:
//
//     lab1-1a2b3c4d-ts.2a-2hzqu,s-12.2+9f3c,40.1t+07de-5e6f7a8b
//       |      |      |      |             |               |
//       |      |      |      |             |               `- the state at the end: 8 hex digits
//       |      |      |      |             `- departures by ascending choice: CHOICE.THREAD, then what the alternative
//       |      |      |      |                does (nothing: run, t: time_out, s: spurious, c: choose), then + and the
//       |      |      |      |                state up to there: 4 hex digits, 0000 if unchecked
//       |      |      |      `- hot program counters: the first, then the difference of each to the one before, base 36
//       |      |      `- what the plan allows, in this order: a every_access, u unlock_points, t time_outs, s spurious;
//       |      |         then a point and the seed in hex
//       |      `- the program's build id: its first 8 hex digits
//       `- the version
//
// An empty list is written _. Numbers have no leading zeros and choices and threads are decimal, so that each schedule
// has one string; only a-z, 0-9 and .,+_- occur, so that no shell wants it quoted. States are cut down to the 16 (at
// the end 32) lowest bits: enough to notice that a program went another way, and short. A state whose 16 bits happen to
// be 0 goes unchecked.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "tools/explorer/protocol.hpp"

namespace lab::explorer {

struct Schedule {
  std::string build_id;       // 8 hex digits
  bool every_access = false;  // these as in Plan
  bool unlock_points = false;
  bool time_outs = true;
  bool spurious = true;
  std::uint64_t seed = 0;
  std::vector<std::uint64_t> hot;     // ascending, at most max_hot
  std::vector<Departure> departures;  // by ascending choice, at most max_departures; decoded, a state has 16 bits
  std::uint64_t final_state = 0;      // decoded, it has 32 bits
};

// The schedule's string. Requires what the members' comments say. Thread safe, as all of this file.
std::string encode(const Schedule& schedule);

// Takes any bytes. decode(encode(s)) is s with its states cut down, and encode(*decode(t)) is t. The error is one
// sentence that says what is wrong with the string and where; characters are counted from 1.
tl::expected<Schedule, std::string> decode(std::string_view text);

// Whether a state that a run came to is the recorded one, as far as the string keeps it. True if it was unchecked.
bool is_state_at_departure(std::uint64_t state, std::uint64_t recorded);
bool is_state_at_end(std::uint64_t state, std::uint64_t recorded);

// The first 8 hex digits of the program's .note.gnu.build-id; where the linker wrote none, of a hash of the file's
// contents instead: it too changes whenever the program does. The error is a sentence: not a file, or not a program.
tl::expected<std::string, std::string> build_id_of(const std::string& path);

// Whether the schedule is one of this program: program counters and choices mean nothing in another. The error says
// both build ids and what to do.
tl::expected<void, std::string> check_build(const Schedule& schedule, std::string_view build_id);

}  // namespace lab::explorer
