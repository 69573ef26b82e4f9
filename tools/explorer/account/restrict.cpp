#include "tools/explorer/account/restrict.hpp"

#include <algorithm>
#include <utility>

#include "tools/explorer/account/kinds.hpp"

namespace lab::explorer {
namespace {

constexpr std::size_t gone = static_cast<std::size_t>(-1);

void renumber(std::optional<Source>& source, const std::vector<std::size_t>& number) {
  if (!source) return;
  source->step = source->step < number.size() ? number[source->step] : gone;
  if (source->step == gone) source.reset();
}

bool tells_who_goes_on(const ExplainedStep& step) {
  return step.failing || std::any_of(step.deeds.begin(), step.deeds.end(), [](const Deed& deed) {
           return deed.waiting || deed.operation == Operation::join || deed.operation == Operation::end;
         });
}

void set_aside(std::vector<ExplainedStep>& steps, const std::function<bool(const ExplainedStep&)>& wanted) {
  std::vector<ExplainedStep> left;
  for (ExplainedStep& step : steps) {
    if (wanted(step) || tells_who_goes_on(step)) {
      left.push_back(std::move(step));
      continue;
    }
    if (left.empty() || !left.back().aside || left.back().thread != step.thread) {
      ExplainedStep& aside = left.emplace_back();
      aside.thread = step.thread;
      aside.choice = step.choice;
      aside.aside = true;
    }
    for (Deed& deed : step.deeds)
      if (is_memory(deed.operation)) left.back().deeds.push_back(std::move(deed));
    left.back().holds = std::move(step.holds);
  }
  steps = std::move(left);
}

}  // namespace

Explanation restricted(const Explanation& explanation, const std::function<bool(const ExplainedStep&)>& wanted) {
  const std::vector<ExplainedStep>& steps = explanation.steps;
  std::vector<std::size_t> number(steps.size(), gone);
  std::size_t left = 0;
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (wanted(steps[i])) number[i] = left++;

  Explanation result = explanation;
  result.steps.clear();
  bool preempts = false;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].takes_over) preempts = steps[i].preempts;
    if (number[i] == gone) continue;
    ExplainedStep step = steps[i];
    step.takes_over = !result.steps.empty() && result.steps.back().thread != step.thread;
    step.preempts = step.takes_over && preempts;
    const auto begin = number.begin() + static_cast<std::ptrdiff_t>(i);
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min<std::size_t>(step.block, steps.size() - i));
    step.block = static_cast<std::uint32_t>(end - begin - std::count(begin, end, gone));
    for (Deed& deed : step.deeds) {
      renumber(deed.written_by, number);
      renumber(deed.overwrites, number);
      renumber(deed.last_read, number);
      if (!deed.overwrites) deed.last_read.reset();
    }
    result.steps.push_back(std::move(step));
  }
  return result;
}

void set_aside(PlayTree& tree, const std::function<bool(const ExplainedStep&)>& wanted) {
  set_aside(tree.start.steps, wanted);
  for (PlayNode& node : tree.nodes)
    for (PlayEdge& edge : node.edges) set_aside(edge.steps, wanted);
}

}  // namespace lab::explorer
