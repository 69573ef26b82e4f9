// What an exercise earns.
//
// Its points are shared evenly among its claims. A claim earns its share if every judge that tried it passed it. An
// exercise that also fails for another reason (a test of the gate, a race that another claim met) earns nothing; and
// one that could not be judged has no points at all, which is not zero.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/exercises/blame.hpp"

namespace lab::grader {

struct Earned {
  exercises::Judged judged;
  std::optional<double> points;            // none: it could not be judged
  std::map<std::string, double> by_claim;  // of its claims, those that earn
};

// In the order of the index.
std::vector<Earned> earned(const exercises::Index& index, const exercises::HandoutRaces& known,
                           const std::vector<exercises::Finding>& findings);

// The exercise that has mended this one on its way: it is green, and names this one in its also_mends. Or "".
std::string mended_by(const exercises::Index& index, const std::vector<Earned>& all, const std::string& exercise);

}  // namespace lab::grader
