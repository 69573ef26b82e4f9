// Which exercise a finding fails. A copy of the handout carries all bugs at once, so that a claim may meet another
// exercise's bug on its way:
//
//   finding                                        fails
//   a wrong outcome, a deadlock, a crash, ...      the exercise whose claim found it
//   a data race: an increment takes part           that of B2
//                process_instance takes part       that of B11
//                the pair races in the handout     that of B6, also where the line of one of the two was changed
//                any other                         the exercise whose claim found it
//
// A test of the gate, which held on the handout, fails each exercise that has one of its clauses; all of them, if none
// has: everything stands on it. That a copy does not compile or link, the judge "build" says, and fails all likewise.
//
// A claim's races count whatever its verdict is, each for itself. A pair of which neither access is in the
// implementation is taken for none of the handout's. Nor is what only the claim of B11 finds there: it comes of an
// instance that was read before it was built, fails B11's exercise as that claim's own, and excuses no other claim.
#pragma once

#include <string>
#include <vector>

#include "tools/exercises/findings.hpp"
#include "tools/exercises/index.hpp"

namespace lab::exercises {

// The pairs by which B6 is known: what races in the handout without an increment or process_instance, as any claim but
// B11's finds it.
using HandoutRaces = std::vector<RacingPair>;
HandoutRaces races_of_handout(const Index& index, const std::vector<Finding>& handout);

struct Blame {
  std::string exercise;  // its id
  std::string reason;    // one sentence
};

// Whom one finding fails: nobody if it passed or could not be judged. An explored claim that no exercise lists fails
// none by its verdict; its races are blamed as far as they are B2's, B6's or B11's.
std::vector<Blame> blame(const Index& index, const HandoutRaces& known, const Finding& finding);

// True for what is no exercise's own claim and fails those that stand on it: a test of the gate, and the build.
bool is_of_gate(const Index& index, const Finding& finding);

// True if the finding says nothing about the code: could_not_judge or nondeterministic.
bool is_unjudged(const Finding& finding);

enum class Standing { passed, failed, could_not_judge, skipped };

struct Judged {
  std::string exercise;
  Standing standing = Standing::skipped;
  std::vector<std::string> reasons;    // why it failed, or could not be judged
  std::vector<std::string> also_seen;  // other exercises that its claims' findings fail, each once
};

// Each exercise of the index, in its order. One that a finding of any claim fails has failed; one that none fails has
// passed only if each of its claims has a finding that says something, and so has each test of the gate that it stands
// on. Skipped: none of its claims has a finding.
std::vector<Judged> judge(const Index& index, const HandoutRaces& known, const std::vector<Finding>& findings);

}  // namespace lab::exercises
