#include "tools/explorer/record_play.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "tools/explorer/account/names.hpp"
#include "tools/explorer/account/text.hpp"
#include "tools/explorer/points.hpp"
#include "tools/explorer/strategies/strategy.hpp"

namespace lab::explorer {
namespace {

using Clock = std::chrono::steady_clock;

class Recorder {
public:
  Recorder(const Options& options, Names& names, ObjectNames& objects)
      : options_(options), names_(names), objects_(objects) {}

  void forget() {
    tree_ = {};
    nodes_.clear();
    leaves_.clear();
    edges_ = 0;
  }

  // Adds what this run shows and no run before it has.
  void add(const Log& log, int exit_status) {
    Explanation told = explain(log, names_, objects_, Detail::each_choice);
    drop_what_is_done_alone(told.steps);
    drop_what_comes_first(told.steps);
    const std::uint32_t count = std::min<std::uint32_t>(log.choice_count, max_choices);
    Edge from{};  // the start
    auto step = told.steps.begin();
    for (std::uint32_t i = 0; i <= count; ++i) {
      // The last part has also what is told of the end.
      const auto end =
          i == count ? told.steps.end()
                     : std::find_if(step, told.steps.end(), [&](const ExplainedStep& one) { return one.choice > i; });
      // Before what is found now: to find a node may move the edges.
      const std::optional<std::size_t> node = i < count ? std::optional(node_of(log, log.choices[i])) : std::nullopt;
      PlayEdge& edge = edge_at(from);
      if (!edge.recorded) {
        edge.recorded = true;
        edge.steps.assign(step, end);
        edge.node = node;
        if (!node) edge.leaf = leaf_of(log, told, exit_status);
        ++edges_;
      }
      step = end;
      if (node) from = {*node, log.choices[i].taken, false};
    }
  }

  // Once the last of the others has ended, nothing can be done in another order any more: of that, where it is joined
  // and fails is enough.
  static void drop_what_is_done_alone(std::vector<ExplainedStep>& steps) {
    const auto tells = [](const ExplainedStep& step, Operation operation) {
      return std::any_of(step.deeds.begin(), step.deeds.end(),
                         [&](const Deed& deed) { return deed.operation == operation || deed.waiting; });
    };
    std::size_t alone = steps.size();
    while (alone > 0 && !tells(steps[alone - 1], Operation::end) && steps[alone - 1].thread == steps.back().thread)
      --alone;
    if (alone == 0 || !tells(steps[alone - 1], Operation::end)) return;
    std::size_t number = 0;
    std::erase_if(steps, [&](const ExplainedStep& step) {
      return number++ >= alone && !step.failing && !tells(step, Operation::join);
    });
  }

  // Before the first thread is made there is nobody to choose from either.
  static void drop_what_comes_first(std::vector<ExplainedStep>& steps) {
    const auto creates = [](const Deed& deed) { return deed.operation == Operation::create; };
    const auto first = std::find_if(steps.begin(), steps.end(), [&](const ExplainedStep& step) {
      return std::any_of(step.deeds.begin(), step.deeds.end(), creates);
    });
    if (first != steps.end()) steps.erase(steps.begin(), first);
  }

  std::size_t edges() const { return edges_; }
  PlayTree take() { return std::move(tree_); }

private:
  struct Edge {
    std::size_t node = 0, number = 0;
    bool is_start = true;
  };

  PlayEdge& edge_at(const Edge& edge) {
    return edge.is_start ? tree_.start : tree_.nodes[edge.node].edges[edge.number];
  }

  std::size_t node_of(const Log& log, const Choice& choice) {
    const auto [known, is_new] = nodes_.try_emplace(choice.state, tree_.nodes.size());
    if (!is_new) return known->second;
    PlayNode& node = tree_.nodes.emplace_back();
    node.running = choice.running;
    node.could_go_on = choice.could_go_on;
    for (std::uint32_t k = 0; k < choice.count && choice.first + k < max_alternatives; ++k)
      node.edges.emplace_back().alternative = log.alternatives[choice.first + k];
    return known->second;
  }

  std::size_t leaf_of(const Log& log, const Explanation& told, int exit_status) {
    Outcome outcome = log;
    judge_passed(outcome, exit_status, options_);
    PlayLeaf leaf;
    leaf.verdict = outcome.verdict;
    if (leaf.verdict != Verdict::passed) {
      leaf.what = verdict_title(leaf.verdict);
      if (told.failed_at && leaf.verdict != Verdict::deadlock && !told.failed_at->file.empty())
        leaf.what += fmt::format(" at {}, in {}", location(*told.failed_at), thread_name(told.failing_thread));
      if (outcome.message[0] != '\0') leaf.what += fmt::format(": {}", outcome.message);
    }
    if (options_.races)
      for (const ExplainedRace& race : told.races) leaf.races.push_back(sentence(race));
    for (const Waiting& waiting : told.waiting) leaf.waits.push_back(sentence(waiting));
    // Many orders end alike.
    std::string key = fmt::format("{}\n{}", static_cast<int>(leaf.verdict), leaf.what);
    for (const auto* texts : {&leaf.races, &leaf.waits})
      for (const std::string& text : *texts) key += '\n' + text;
    const auto [known, is_new] = leaves_.try_emplace(std::move(key), tree_.leaves.size());
    if (is_new) tree_.leaves.push_back(std::move(leaf));
    return known->second;
  }

  const Options& options_;
  Names& names_;
  ObjectNames& objects_;
  PlayTree tree_;
  std::unordered_map<std::uint64_t, std::size_t> nodes_;  // by Choice::state
  std::unordered_map<std::string, std::size_t> leaves_;
  std::size_t edges_ = 0;
};

}  // namespace

namespace {

void begin(Plan& plan, const Options& options) {
  plan.hot_count = plan.departure_count = plan.change_count = 0;
  plan.tail = Tail::run_on;
  plan.lenient = plan.unlock_points = false;
  plan.trace = true;
  plan.every_access = options.every_access;
  plan.time_outs = options.time_outs;
  plan.spurious = options.spurious;
  plan.program_seed = options.seed;
  plan.step_limit = options.steps;
}

// Why no further run may be made; empty: one may.
std::string over(const PlayLimits& limits, std::uint64_t runs, Clock::duration time, std::size_t edges) {
  if (runs >= limits.runs) return fmt::format("there are more orders than {} can show", count_of(limits.runs, "run"));
  if (time >= limits.time) {
    return fmt::format("there are more orders than can be run in {} s",
                       std::chrono::duration_cast<std::chrono::seconds>(limits.time).count());
  }
  if (edges >= limits.edges) return fmt::format("there are more than {}", count_of(limits.edges, "choice"));
  return {};
}

struct Recorded {
  PlayTree tree;
  bool not_repeatable = false;
};

Recorded record(Target& target, const Options& options, const PlayLimits& limits, Names& names, ObjectNames& objects,
                bool fresh) {
  Plan& plan = target.exchange().plan;
  const Log& log = target.exchange().log;
  begin(plan, options);
  const auto strategy = bounded(Cost::deviations, no_bound, true);
  const Clock::time_point start = Clock::now();
  Recorder recorder(options, names, objects);
  Recorded result;
  std::uint64_t runs = 0;
  std::string limit;
  bool full = false;
  while (limit.empty() && strategy->next(plan)) {
    limit = over(limits, runs, Clock::now() - start, recorder.edges());
    if (!limit.empty()) break;
    if (fresh) {
      target.run_fresh();
    } else {
      target.run();
    }
    ++runs;
    if (log.verdict == Verdict::could_not_judge || log.verdict == Verdict::nondeterministic) {
      limit = fmt::format("one could not be run: {}", log.message);
      result.not_repeatable = log.verdict == Verdict::nondeterministic;
    } else if (log.truncated || log.choice_count > limits.choices) {
      limit = fmt::format("one has more than {}", count_of(std::min(limits.choices, max_choices), "choice"));
    } else if (add_points(plan, log, full)) {
      recorder.forget();
      strategy->restart();
    } else {
      recorder.add(log, target.exit_status());
      strategy->learn(log);
    }
  }
  result.tree = recorder.take();
  PlayTree& tree = result.tree;
  tree.runs = runs;
  tree.complete = limit.empty() && !full && strategy->complete();
  tree.bound = strategy->completed();
  if (!tree.complete) tree.limit = limit.empty() ? "some could not be recorded" : limit;
  count_orders(tree);
  return result;
}

}  // namespace

PlayTree record_play(Target& target, const Options& options, const PlayLimits& limits, Names& names,
                     ObjectNames& objects) {
  Recorded recorded = record(target, options, limits, names, objects, false);
  // What earlier runs left in the process may have had a part in it.
  if (recorded.not_repeatable) recorded = record(target, options, limits, names, objects, true);
  return std::move(recorded.tree);
}

}  // namespace lab::explorer
