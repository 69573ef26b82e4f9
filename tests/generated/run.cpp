#include "tests/generated/run.hpp"

#include <utility>

#include "tests/generated/linearize.hpp"
#include "tests/generated/scenario.hpp"

namespace lab::generated {

Explorations::Explorations(explorer::Options options, AtTheEnd questions, std::size_t states)
    : options_(std::move(options)), questions_(questions), states_(states) {
  options_.judge = [this] { return judge(); };
  // The code under test must not judge itself.
  options_.isolation = explorer::Options::Isolation::process;
}

std::function<void()> Explorations::scenario(const Program& program) {
  start_ = begin(program, questions_);
  explained_.clear();
  cut_short_ = 0;
  return [&program, this] { run(program, start_, record_); };
}

std::string Explorations::judge() {
  const History history = record_.history();
  if (!is_whole(history, start_)) return "the run wrote to the history of what it did";
  const std::uint64_t number = number_of(history);
  if (explained_.contains(number)) return {};
  Judgement judgement = generated::judge(history, states_);
  if (!judgement.complete) ++cut_short_;
  if (judgement.explained) explained_.insert(number);
  return std::move(judgement.sentence);
}

Explored Explorations::explore(const Program& program) {
  Explored explored;
  const std::function<void()> once = scenario(program);
  explored.findings = explorer::explore(once, options_);
  explored.different = explained_.size();
  explored.cut_short = cut_short_;
  if (explored.findings.plan == nullptr) return explored;
  (void)explorer::replay(once, *explored.findings.plan);
  explored.history = record_.history();
  return explored;
}

explorer::Replayed Explorations::replay(const Program& program, const explorer::Plan& plan) {
  return explorer::replay(scenario(program), plan);
}

}  // namespace lab::generated
