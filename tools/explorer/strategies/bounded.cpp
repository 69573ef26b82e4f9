// Schedules in the order of their cost, without repetition.
//
// Each schedule is a list of departures, and comes from exactly one other: the one without its last departure. A run of
// the parent shows where a child can depart: at any choice after the parent's own last departure. So a queue for each
// cost is enough, and a schedule in it is a link to its parent and one departure.
//
// Why the reduction is sound, at any bound: Choice::state stands for all that happened up to the choice, but for the
// order of steps that do not depend on each other, and for what the scheduler goes by from there on. Two runs that are
// in the same state can go on in the same ways, at the same costs. Schedules are run in the order of cost, so whoever
// is in a state first had spent the least, and its children, and theirs, cover all that any later one could come to
// within the bound. The later one's own run is made to its end all the same; it just has no children from that state
// on. (The states are hashes of 64 bits: among a million of them, two are mistaken for each other with a chance of 1 in
// 30 million.)
#include <deque>
#include <unordered_set>
#include <vector>

#include "tools/explorer/strategies/strategy.hpp"

namespace lab::explorer {
namespace {

class Search final : public Bounded {
public:
  Search(Cost cost, unsigned bound, bool reduce) : cost_(cost), bound_(bound), reduce_(reduce) { restart(); }

  bool next(Plan& plan) override {
    if (root_pending_) {
      root_pending_ = false;
      begin(plan, none);
      return true;
    }
    while (level_ < queues_.size()) {  // grows as runs show children
      if (auto& queue = queues_[level_]; !queue.empty()) {
        const Index index = queue.front();
        queue.pop_front();
        begin(plan, index);
        return true;
      }
      if (overflowed_) return false;  // some schedules of this cost, or of the next, were left out
      completed_ = static_cast<int>(level_);
      ++level_;
    }
    completed_ = static_cast<int>(bound_);
    complete_ = !cut_;
    return false;
  }

  void learn(const Log& log) override {
    if (log.truncated) overflowed_ = true;
    const std::uint32_t count = std::min<std::uint32_t>(log.choice_count, max_choices);
    for (std::uint32_t i = first_free_; i < count; ++i) {
      const Choice& choice = log.choices[i];
      if (reduce_ && !seen_.insert(choice.state).second) return;
      for (std::uint16_t k = 0; k < choice.count; ++k)
        if (k != choice.taken) add_child(log, i, k);
    }
  }

  void restart() override {
    schedules_.clear();
    queues_.assign(1, {});
    seen_.clear();
    root_pending_ = true;
    level_ = 0;
    completed_ = -1;
    complete_ = cut_ = overflowed_ = false;
  }

  int completed() const override { return completed_; }
  bool complete() const override { return complete_; }

private:
  using Index = std::uint32_t;
  static constexpr Index none = ~Index{0};
  // With hundreds of threads a single run has 100,000 children. More than these are never run anyway.
  static constexpr std::size_t max_schedules = 2'000'000;

  struct Schedule {
    Index parent;
    Departure last;
  };

  void begin(Plan& plan, Index index) {
    running_ = index;
    plan.tail = Tail::run_on;
    plan.departure_count = 0;
    first_free_ = index == none ? 0 : schedules_[index].last.choice + 1;
    std::uint32_t length = 0;
    for (Index i = index; i != none; i = schedules_[i].parent) ++length;
    plan.departure_count = length;
    for (Index i = index; i != none; i = schedules_[i].parent) plan.departures[--length] = schedules_[i].last;
  }

  void add_child(const Log& log, std::uint32_t number, std::uint16_t k) {
    const Choice& choice = log.choices[number];
    const Alternative alternative = log.alternatives[choice.first + k];
    const std::size_t level = level_ + cost_of(choice, alternative);
    std::uint32_t length = 1;
    for (Index i = running_; i != none; i = schedules_[i].parent) ++length;
    if (level > bound_) {
      cut_ = true;
      return;
    }
    if (schedules_.size() == max_schedules || length > max_departures) {
      overflowed_ = true;
      return;
    }
    if (queues_.size() <= level) queues_.resize(level + 1);
    queues_[level].push_back(static_cast<Index>(schedules_.size()));
    schedules_.push_back({running_, {number, alternative, choice.state}});
  }

  std::size_t cost_of(const Choice& choice, Alternative alternative) const {
    if (cost_ == Cost::deviations) return 1;
    if (alternative.act == Act::choose) return 0;
    return choice.could_go_on || alternative.act != Act::run ? 1 : 0;
  }

  const Cost cost_;
  const unsigned bound_;
  const bool reduce_;
  std::vector<Schedule> schedules_;
  std::vector<std::deque<Index>> queues_;  // by cost
  std::unordered_set<std::uint64_t> seen_;
  bool root_pending_ = true;
  bool cut_ = false;         // some schedule costs more than the bound
  bool overflowed_ = false;  // some schedule was left out that does not
  Index running_ = none;
  std::uint32_t first_free_ = 0;
  std::size_t level_ = 0;
  int completed_ = -1;
  bool complete_ = false;
};

}  // namespace

std::unique_ptr<Bounded> bounded(Cost cost, unsigned bound, bool reduce) {
  return std::make_unique<Search>(cost, bound, reduce);
}

}  // namespace lab::explorer
