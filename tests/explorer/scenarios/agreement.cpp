#include "tests/explorer/scenarios/agreement.hpp"

#include "tests/explorer/scenarios/outcomes.hpp"

namespace lab::explorer::scenarios {
namespace {

std::string words(const Searched& it) {
  return "verdict " + std::to_string(static_cast<int>(it.verdict)) + ", " + std::to_string(it.runs) + " runs, " +
         std::to_string(it.deviations) + " deviations, " + std::to_string(it.preemptions) + " preemptions, completed " +
         std::to_string(it.completed) + (it.complete ? ", complete" : "") +
         (it.stopped_at_budget ? ", stopped at the budget" : "") + ", outcomes " + text(it.outcomes) + " " + it.message;
}

// One disagreement as a sentence; empty if there is none.
std::string compare(const Searched& plain, const Searched& reduced) {
  const auto both = [&](const char* what) {
    return std::string(what) + "\n  plain:   " + words(plain) + "\n  reduced: " + words(reduced) + "\n";
  };
  if (plain.verdict != reduced.verdict) return both("another verdict");
  if (plain.found && plain.verdict != Verdict::data_race) {
    // The search ends at the first failure, so what else it saw depends on the order.
    if (plain.deviations != reduced.deviations && plain.minimal == Minimal::deviations) return both("not the minimum");
    if (plain.preemptions != reduced.preemptions && plain.minimal == Minimal::preemptions)
      return both("not the minimum");
    return {};
  }
  if (plain.outcomes != reduced.outcomes) return both("other outcomes");
  // Reduced, there may be nothing left sooner: what costs more is then only other orders of independent steps.
  if (plain.completed != reduced.completed || (plain.complete && !reduced.complete)) return both("another reach");
  if (plain.runs < reduced.runs) return both("more runs");
  return {};
}

}  // namespace

std::vector<Options> searches_to_compare(const std::vector<unsigned>& bounds, std::uint64_t runs) {
  std::vector<Options> searches;
  for (const Method method : {Method::deviations, Method::preemptions})
    for (const unsigned bound : bounds)
      for (const bool reduce : {false, true}) searches.push_back(exhaustively(reduce, method, bound));
  searches.push_back(exhaustively(false));
  searches.push_back(exhaustively(false));
  for (Options& search : searches) search.runs = runs;
  // There are too many schedules of these, but not all are needed: what any of them comes to must be among the others.
  searches.back().every_access = true;
  searches.back().runs = runs / 10;
  return searches;
}

std::string disagreements(const std::vector<Options>& searches, const std::vector<Searched>& results) {
  std::string all;
  const std::size_t pairs = results.size() - 2;
  for (std::size_t i = 0; i < pairs; i += 2) {
    if (results[i].stopped_at_budget || results[i + 1].stopped_at_budget) continue;
    if (const std::string what = compare(results[i], results[i + 1]); !what.empty())
      all += std::string(searches[i].method == Method::deviations ? "deviations" : "preemptions") + " up to " +
             std::to_string(searches[i].bound) + ": " + what;
  }
  const Searched& everything = results[pairs];
  const Searched& every_access = results[pairs + 1];
  if (!everything.complete || everything.found) return all;
  for (std::size_t i = 0; i < pairs; ++i)
    if (results[i].complete && !results[i].found && results[i].outcomes != everything.outcomes)
      all += "not complete: " + words(results[i]) + "\n";
  if (every_access.found && every_access.verdict != everything.verdict)
    all += "every access: " + words(every_access) + "\n";
  for (const std::uint64_t outcome : every_access.outcomes)
    if (everything.outcomes.count(outcome) == 0)
      all += "outcome " + std::to_string(outcome) + " needs a point that there is not by default\n";
  return all;
}

}  // namespace lab::explorer::scenarios
