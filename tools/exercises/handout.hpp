// What races in the handout, by which B6 is known: exercises/handout_races.json, schema 1.
//
//   { "schema": 1, "races": [ { "later": { "function": "lab::Manager::get_stats", "text": "result.x = x_;" },
//                               "earlier": { "function": null, "text": "" } } ] }
//
// tests/blame checks that the file says what the explorer finds in buggy/.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "tools/exercises/blame.hpp"

namespace lab::exercises {

// The error is a sentence.
tl::expected<HandoutRaces, std::string> read_handout_races(const std::string& file);

// Whether both say the same, in whatever order.
bool same_races(const HandoutRaces& a, const HandoutRaces& b);

// Written beside and renamed. Throws std::runtime_error.
void write_handout_races(const std::string& file, const HandoutRaces& races);

}  // namespace lab::exercises
