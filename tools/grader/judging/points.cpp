#include "tools/grader/judging/points.hpp"

#include <algorithm>

namespace lab::grader {

using namespace exercises;

namespace {

// Whether a finding of another claim fails the exercise, or a race that its own claims met and that is no claim's
// verdict.
bool fails_for_more_than_its_claims(const Index& index, const HandoutRaces& known, const std::vector<Finding>& findings,
                                    const Exercise& exercise) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    if (index.with_claim(finding.claim) == &exercise) return false;
    const std::vector<Blame> all = blame(index, known, finding);
    return std::any_of(all.begin(), all.end(), [&](const Blame& one) { return one.exercise == exercise.id; });
  });
}

// Whether the claim's own findings say nothing against its exercise: a race of another exercise's on its way is not
// its.
bool passes(const Index& index, const HandoutRaces& known, const std::vector<Finding>& findings,
            const Exercise& exercise, const std::string& claim) {
  bool tried = false;
  for (const Finding& finding : findings) {
    if (finding.claim != claim) continue;
    if (is_unjudged(finding)) return false;
    tried = true;
    const std::vector<Blame> all = blame(index, known, finding);
    if (std::any_of(all.begin(), all.end(), [&](const Blame& one) { return one.exercise == exercise.id; }))
      return false;
  }
  return tried;
}

}  // namespace

std::vector<Earned> earned(const Index& index, const HandoutRaces& known, const std::vector<Finding>& findings) {
  std::vector<Earned> all;
  std::vector<Judged> judged = judge(index, known, findings);
  for (std::size_t i = 0; i < judged.size(); ++i) {
    const Exercise& exercise = index.exercises[i];
    Earned one{std::move(judged[i]), std::nullopt, {}};
    // A second look that came to nothing is no pass; and without the gate nobody knows what anything earns.
    const auto unjudged = std::find_if(findings.begin(), findings.end(), [&](const Finding& finding) {
      const Exercise* const owner = index.with_claim(finding.claim);
      const bool matters = owner == nullptr || (owner == &exercise && one.judged.standing == Standing::passed);
      return matters && is_unjudged(finding);
    });
    if (unjudged != findings.end()) {
      one.judged.standing = Standing::could_not_judge;
      one.judged.reasons = {"\"" + unjudged->claim + "\": " + unjudged->summary};
    }
    if (one.judged.standing != Standing::could_not_judge) {
      one.points = 0;
      if (!fails_for_more_than_its_claims(index, known, findings, exercise)) {
        const double share = static_cast<double>(exercise.points) /
                             static_cast<double>(exercise.explored.size() + exercise.one_thread.size());
        for (const auto* claims : {&exercise.explored, &exercise.one_thread}) {
          for (const std::string& claim : *claims) {
            if (passes(index, known, findings, exercise, claim)) one.by_claim[claim] = share;
          }
        }
        // Whole where all pass, whatever a share's rounding makes of it.
        const bool whole = one.judged.standing == Standing::passed;
        one.points = whole ? exercise.points : share * static_cast<double>(one.by_claim.size());
      }
    }
    all.push_back(std::move(one));
  }
  return all;
}

std::string mended_by(const Index& index, const std::vector<Earned>& all, const std::string& exercise) {
  for (const Earned& one : all) {
    const Exercise& other = *index.with_id(one.judged.exercise);
    if (other.id == exercise || one.judged.standing != Standing::passed) continue;
    if (std::find(other.also_mends.begin(), other.also_mends.end(), exercise) != other.also_mends.end())
      return other.id;
  }
  return "";
}

}  // namespace lab::grader
