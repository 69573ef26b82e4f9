// Tempting wrong fixes, and what the lab says to them: exercises/tempting.json, schema 1, as values.
//
//   { "schema": 1,
//     "functions": { "01": ["update_session"] },   where each exercise is mended
//     "rules": [ { "name": "retry_loop",
//                  "exercises": ["01", "05"],       or "all"
//                  "when": [CONDITION, ...],        all of them
//                  "advice": "one to three sentences" } ] }
//
// A condition is one of
//
//   { "more": REGEX, "in": PLACE }       the copy has more matches than the handout
//   { "fewer": REGEX, "in": PLACE }      it has fewer
//   { "has": REGEX, "in": PLACE }        it has one, whatever the handout has
//   { "held": REGEX, "at": REGEX, "in": PLACE }   the second matches behind the first in the same block, or deeper: so
//                                        what the first takes for a scope is held there
//   { "taken_only_in": PLACE }           a lock of which the handout knows nothing is taken in one function alone, and
//                                        that is one of these
//   { "exercise": "06" }, { "verdict": REGEX }, { "summary": REGEX }    of the finding; a verdict is matched whole
//   { "schedule": true }                 the finding shows one
//   { "any": [CONDITION, ...] }, { "all": [CONDITION, ...] }, { "not": CONDITION }
//
// PLACE is a list of functions without their class, or "exercise" for those of the exercise; without "in", all code.
// The functions that the handout does not have and that are called from there belong to it, for a repair may have been
// moved. They don't with "alone": true beside "in", nor for taken_only_in, since a helper may be everybody's.
//
// Code is matched piece by piece, as pieces.hpp cuts it. The patterns are ECMAScript's.
//
// A rule must not match the handout, so each has a condition that needs a change. It is better silent than wrong: a
// student who is right and is told of a mistake stops believing the rest.
#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "tools/exercises/findings.hpp"

namespace lab::exercises {

class Condition;  // conditions.hpp

struct TemptingRule {
  std::string name;
  std::vector<std::string> exercises;  // ids; empty: all
  std::vector<std::shared_ptr<const Condition>> when;
  std::string advice;
};

// The error is a sentence: the file can't be read, is no such JSON, or a rule has a fault.
tl::expected<std::vector<TemptingRule>, std::string> read_tempting(const std::string& file);

// The first rule for that exercise whose conditions hold; null if there is none. A text is the header and the source,
// one after the other, and may be anything: of one that pieces_of() does not know nothing is said.
const TemptingRule* tempting_rule(const std::vector<TemptingRule>& rules, const std::string& exercise,
                                  const Finding& finding, const std::string& handout, const std::string& copy);

// The advice of that rule, or "".
std::string advice_for(const std::vector<TemptingRule>& rules, const std::string& exercise, const Finding& finding,
                       const std::string& handout, const std::string& copy);

}  // namespace lab::exercises
