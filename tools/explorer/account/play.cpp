#include "tools/explorer/account/play.hpp"

namespace lab::explorer {
namespace {

struct Count {
  double orders = 0, failing = 0, racing = 0;
  Count& operator+=(const Count& other) {
    orders += other.orders;
    failing += other.failing;
    racing += other.racing;
    return *this;
  }
};

class Counter {
public:
  explicit Counter(const PlayTree& tree) : tree_(tree), known_(tree.nodes.size()), state_(tree.nodes.size()) {}

  // Depth first with a stack of its own: a path may have thousands of choices.
  Count all() {
    if (!tree_.start.node) return of(tree_.start);
    std::vector<std::size_t> open{*tree_.start.node};
    while (!open.empty()) {
      const std::size_t node = open.back();
      if (state_[node] == State::unseen) {
        state_[node] = State::open;
        for (const PlayEdge& edge : tree_.nodes[node].edges)
          if (edge.node && state_[*edge.node] == State::unseen) open.push_back(*edge.node);
        continue;
      }
      open.pop_back();
      if (state_[node] == State::known) continue;
      for (const PlayEdge& edge : tree_.nodes[node].edges) known_[node] += of(edge);
      state_[node] = State::known;
    }
    return of(tree_.start);
  }

private:
  enum class State : std::uint8_t { unseen, open, known };

  Count of(const PlayEdge& edge) const {
    if (edge.node) return known_[*edge.node];
    if (!edge.leaf) return {};
    const PlayLeaf& leaf = tree_.leaves[*edge.leaf];
    const bool failed = leaf.verdict != Verdict::passed;
    return {1, failed ? 1.0 : 0.0, !failed && !leaf.races.empty() ? 1.0 : 0.0};
  }

  const PlayTree& tree_;
  std::vector<Count> known_;
  std::vector<State> state_;
};

}  // namespace

void count_orders(PlayTree& tree) {
  const Count count = Counter(tree).all();
  tree.orders = count.orders;
  tree.failing = count.failing;
  tree.racing = count.racing;
}

}  // namespace lab::explorer
