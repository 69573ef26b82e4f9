#include "tools/explorer/right_order.hpp"

#include <fmt/format.h>

#include "tools/explorer/account/text.hpp"
#include "tools/explorer/points.hpp"

namespace lab::explorer {
namespace {

constexpr std::size_t runs_max = 60;

class Looking {
public:
  Looking(const Subject& subject, const Options& options, Names& names, ObjectNames& objects)
      : subject_(subject), options_(options), names_(names), objects_(objects) {}

  RightOrder look(const Plan& failing, Verdict verdict) {
    const bool must_not_race = verdict == Verdict::data_race;
    Plan plan = recorded(failing);
    std::optional<Replayed> first;
    for (std::uint32_t undone = 1; undone <= failing.departure_count; ++undone) {
      plan.departure_count = failing.departure_count - undone;
      if (try_out(plan, must_not_race, sentence_for(undone, failing.departure_count))) return std::move(*right_);
    }
    plan.departure_count = 0;
    Replayed plain = subject_.replay(plan);
    ++runs_;
    // A search that ended at its first run has not met all points yet.
    bool full = false;
    while (add_points(plan, plain.exchange->log, full) && runs_ < runs_max / 2) {
      plain = subject_.replay(plan);
      ++runs_;
    }
    for (std::uint32_t i = 0; i < plain.exchange->log.choice_count && runs_ < runs_max; ++i) {
      const Choice choice = plain.exchange->log.choices[i];
      for (std::uint32_t k = 1; k < choice.count && runs_ < runs_max; ++k) {
        plan.departure_count = 1;
        plan.departures[0] = {i, plain.exchange->log.alternatives[choice.first + k], 0};
        if (try_out(plan, must_not_race, "An order with a single deviation.")) return std::move(*right_);
      }
    }
    if (right_) return std::move(*right_);
    RightOrder none;
    none.how =
        runs_ == 1
            ? "The only order that was tried fails: the mistake may not depend on the order."
            : fmt::format("None of the {} orders that were tried is right: the mistake does not depend on the order.",
                          runs_);
    return none;
  }

private:
  static std::string sentence_for(std::uint32_t undone, std::uint32_t all) {
    if (undone == all) return "The order without a deviation: nobody is interrupted.";
    return undone == 1 ? "The same order without its last deviation."
                       : fmt::format("The same order without its last {}.", count_of(undone, "deviation"));
  }

  // True: this is it. One that ends well and races is kept for want of a better.
  bool try_out(const Plan& plan, bool must_not_race, const std::string& how) {
    if (runs_ >= runs_max) return false;
    const Replayed run = subject_.replay(plan);
    ++runs_;
    const Log& log = run.exchange->log;
    if (log.verdict != Verdict::passed) return false;
    if (options_.exit_status >= 0 && run.exit_status != options_.exit_status) return false;
    const bool races = log.race_count > 0;
    if (races && right_) return false;
    right_ = RightOrder{explain(log, names_, objects_), log.preemptions, log.departures, races, how};
    return !(races && must_not_race);
  }

  const Subject& subject_;
  const Options& options_;
  Names& names_;
  ObjectNames& objects_;
  std::size_t runs_ = 0;
  std::optional<RightOrder> right_;
};

}  // namespace

RightOrder right_order(const Subject& subject, const Options& options, const Plan& failing, Verdict verdict,
                       Names& names, ObjectNames& objects) {
  return Looking(subject, options, names, objects).look(failing, verdict);
}

}  // namespace lab::explorer
