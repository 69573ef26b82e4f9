#include "tests/generated/run.hpp"

#include "tests/generated/scenario.hpp"

namespace lab::generated {

std::function<void()> Explorations::scenario(const Program& program) {
  record_.begin_program(begin(program, questions_));
  return [&program, this] { run(program, record_); };
}

Explored Explorations::explore(const Program& program) {
  Explored explored;
  const std::function<void()> once = scenario(program);
  explored.findings = explorer::explore(once, options_);
  explored.different = record_.different();
  explored.cut_short = record_.cut_short();
  if (explored.findings.plan == nullptr) return explored;
  (void)explorer::replay(once, *explored.findings.plan);
  explored.history = record_.history();
  explored.sentence =
      explored.findings.verdict == explorer::Verdict::assertion ? record_.sentence() : explored.findings.message;
  return explored;
}

explorer::Replayed Explorations::replay(const Program& program, const explorer::Plan& plan) {
  return explorer::replay(scenario(program), plan);
}

}  // namespace lab::generated
