#include "tools/exercises/blame.hpp"

#include <algorithm>

namespace lab::exercises {
namespace {

template <class All, class One>
bool among(const All& all, const One& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

template <class All, class One>
void add_once(All& all, const One& one) {
  if (!among(all, one)) all.push_back(one);
}

bool takes_part(const RacingPair& pair, const char* function) {
  return pair.later.function.find(function) != std::string::npos ||
         pair.earlier.function.find(function) != std::string::npos;
}

// The bug that the names of the functions decide; empty if they decide nothing.
std::string bug_by_name(const RacingPair& pair) {
  if (takes_part(pair, "increment_access")) return "B2";
  if (takes_part(pair, "process_instance")) return "B11";
  return "";
}

std::string id_of(const Exercise* exercise) { return exercise == nullptr ? std::string() : exercise->id; }

std::string in_words(const Place& place) {
  if (!place.known()) return "code outside the implementation";
  return place.location + " (" + place.function + ")";
}

bool shares_clause(const Exercise& exercise, const Finding& finding) {
  return std::any_of(exercise.clauses.begin(), exercise.clauses.end(), [&](const std::string& clause) {
    return finding.tags.find("[" + clause + "]") != std::string::npos;
  });
}

// Whether a test of the gate is of one of the exercise's clauses; all exercises stand on one that is of no clause.
bool stands_on(const Index& index, const Exercise& exercise, const Finding& finding) {
  const auto shares = [&](const Exercise& one) { return shares_clause(one, finding); };
  return shares(exercise) || std::none_of(index.exercises.begin(), index.exercises.end(), shares);
}

// Whether it is a pair that races in the handout, or one whose other line was changed since: a repair of B7 writes the
// counting of hits anew, and may leave it as unguarded as it was.
bool is_of_handout(const HandoutRaces& known, const RacingPair& pair) {
  const auto one_as_known = [&](const Place& same, const Place& changed) {
    return std::any_of(known.begin(), known.end(), [&](const RacingPair& one) {
      return (one.later == same && one.earlier.function == changed.function) ||
             (one.earlier == same && one.later.function == changed.function);
    });
  };
  if (among(known, pair)) return true;
  return pair.later.known() && pair.earlier.known() &&
         (one_as_known(pair.later, pair.earlier) || one_as_known(pair.earlier, pair.later));
}

// Empty: nobody.
std::string blamed(const Index& index, const HandoutRaces& known, const Exercise* owner, const RacingPair& pair) {
  if (const std::string bug = bug_by_name(pair); !bug.empty()) return id_of(index.with_bug(bug));
  if (is_of_handout(known, pair)) return id_of(index.with_bug("B6"));
  return id_of(owner);
}

}  // namespace

HandoutRaces races_of_handout(const Index& index, const std::vector<Finding>& handout) {
  HandoutRaces races;
  for (const Finding& finding : handout) {
    const Exercise* const owner = index.with_claim(finding.claim);
    if (owner != nullptr && owner->bug == "B11") continue;
    for (const RacingPair& pair : finding.races) {
      if (pair.known() && bug_by_name(pair).empty()) add_once(races, pair);
    }
  }
  return races;
}

bool is_of_gate(const Index& index, const Finding& finding) {
  return finding.judge != "explorer" && index.with_claim(finding.claim) == nullptr;
}

bool is_unjudged(const Finding& finding) {
  return finding.verdict == "could_not_judge" || finding.verdict == "nondeterministic";
}

std::vector<Blame> blame(const Index& index, const HandoutRaces& known, const Finding& finding) {
  std::vector<Blame> all;
  const auto add = [&](const std::string& exercise, const std::string& reason) {
    const auto same = [&](const Blame& one) { return one.exercise == exercise; };
    if (exercise.empty() || std::any_of(all.begin(), all.end(), same)) return;
    all.push_back({exercise, "\"" + finding.claim + "\": " + reason});
  };
  const Exercise* const owner = index.with_claim(finding.claim);
  if (finding.verdict != "passed" && finding.verdict != "data_race" && !is_unjudged(finding)) {
    const std::string reason = finding.summary.empty() ? finding.verdict : finding.summary;
    add(id_of(owner), reason);
    if (is_of_gate(index, finding)) {
      for (const Exercise& exercise : index.exercises)
        if (stands_on(index, exercise, finding)) add(exercise.id, reason);
    }
  }
  for (const RacingPair& pair : finding.races) {
    add(blamed(index, known, owner, pair),
        "data race between " + in_words(pair.later) + " and " + in_words(pair.earlier));
  }
  // Without a pair there is nobody else to blame.
  if (finding.verdict == "data_race" && finding.races.empty()) add(id_of(owner), finding.summary);
  return all;
}

std::vector<Judged> judge(const Index& index, const HandoutRaces& known, const std::vector<Finding>& findings) {
  std::vector<Judged> all;
  for (const Exercise& exercise : index.exercises) {
    Judged judged;
    judged.exercise = exercise.id;
    std::vector<std::string> unjudged;
    bool any = false;
    for (const auto* list : {&exercise.explored, &exercise.one_thread}) {
      for (const std::string& claim : *list) {
        const auto of_claim = [&](const Finding& finding) { return finding.claim == claim; };
        const auto finding = std::find_if(findings.begin(), findings.end(), of_claim);
        if (finding == findings.end()) {
          unjudged.push_back("\"" + claim + "\" was not tried");
          continue;
        }
        any = true;
        if (is_unjudged(*finding)) unjudged.push_back("\"" + claim + "\": " + finding->summary);
      }
    }
    for (const Finding& finding : findings) {
      if (is_unjudged(finding) && is_of_gate(index, finding) && stands_on(index, exercise, finding))
        unjudged.push_back("\"" + finding.claim + "\": " + finding.summary);
      const bool own = index.with_claim(finding.claim) == &exercise;
      for (const Blame& one : blame(index, known, finding)) {
        if (one.exercise == exercise.id) {
          judged.reasons.push_back(one.reason);
        } else if (own) {
          add_once(judged.also_seen, one.exercise);
        }
      }
    }
    if (!judged.reasons.empty()) {
      judged.standing = Standing::failed;
    } else if (!any) {
      judged.standing = Standing::skipped;
    } else if (!unjudged.empty()) {
      judged.standing = Standing::could_not_judge;
      judged.reasons = unjudged;
    } else {
      judged.standing = Standing::passed;
    }
    all.push_back(std::move(judged));
  }
  return all;
}

}  // namespace lab::exercises
