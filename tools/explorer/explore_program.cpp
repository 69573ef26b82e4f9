#include "tools/explorer/findings.hpp"

namespace lab::explorer {

Findings explore(const Program& program, const Options& options) {
  const auto start = std::chrono::steady_clock::now();
  const auto result = make_result();
  const auto target = whole(program);
  search_and_confirm(*target, options, *result);
  Findings findings =
      findings_of(*result, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  if (result->found) findings.output = target->output();  // of the run that confirmed it
  return findings;
}

Replayed replay(const Program& program, const Plan& plan) { return replay(*whole(program), plan); }

}  // namespace lab::explorer
