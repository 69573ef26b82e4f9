// The recorded tree of a program: every choice that its schedules come to, what happens after each, and how each order
// ends. Choices at which the same has happened, but for the order of what does not depend on each other, are one: so it
// is a graph rather than a tree, and small.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/explorer/account/explanation.hpp"
#include "tools/explorer/protocol.hpp"

namespace lab::explorer {

struct PlayEdge {
  Alternative alternative;
  bool recorded = false;             // false: no run went this way; the rest says nothing
  std::vector<ExplainedStep> steps;  // until the next choice, or the end
  std::optional<std::size_t> node;   // that choice, an index in PlayTree::nodes...
  std::optional<std::size_t> leaf;   // ...or how it ended, in PlayTree::leaves
};

struct PlayNode {
  std::uint16_t running = 0;  // who came to the choice
  bool could_go_on = false;   // ...and could have: to pick another is a preemption
  std::vector<PlayEdge> edges;
};

struct PlayLeaf {
  Verdict verdict = Verdict::passed;
  std::string what;                // one sentence; empty when passed
  std::vector<std::string> races;  // seen on the way, a sentence each
  std::vector<std::string> waits;  // of a deadlock: who waits for whom
};

struct PlayTree {
  PlayEdge start;  // from the beginning to the first choice
  std::vector<PlayNode> nodes;
  std::vector<PlayLeaf> leaves;
  bool complete = false;   // there is no order that is not in it
  int bound = -1;          // else: all are that deviate so often; -1: not even those that never do
  std::uint64_t runs = 0;  // made for it
  double orders = 0;       // ways through it from the start to an end, as a person counts them
  double failing = 0;      // ...that end in a failure
  double racing = 0;       // ...that end well, though something raced
  std::string limit;       // why it is not complete; a sentence
};

// Fills the three counts from the rest.
void count_orders(PlayTree& tree);

}  // namespace lab::explorer
