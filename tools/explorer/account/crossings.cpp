#include "tools/explorer/account/crossings.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>

#include "tools/explorer/account/kinds.hpp"

namespace lab::explorer {
namespace {

// Atomics that merely count: reference counts, and statistics. What they tell is only how often something was done, and
// a program of some size does it all the time. One that is ever stored to, tried in vain or changed by more than 1 is a
// flag, a lock or a pointer, by which threads decide.
class Counts {
public:
  explicit Counts(std::span<const Step> steps) {
    for (const Step& step : steps) {
      if (writes(step) || step.operation == Operation::atomic_update) add(step);
    }
  }
  bool merely_counts(std::uint64_t object) const {
    const auto found = uses_.find(object);
    return found != uses_.end() && found->second.updated && !found->second.decides;
  }

private:
  struct Use {
    std::optional<std::uint64_t> value;
    bool updated = false, decides = false;
  };

  void add(const Step& step) {
    Use& use = uses_[step.object];
    if (step.operation == Operation::atomic_update) {
      use.updated = true;
      use.decides |= !step.succeeded || !step.has_value || (use.value && !is_next(*use.value, step));
    } else if (step.operation == Operation::atomic_store) {
      use.decides = true;
    }
    if (step.has_value) use.value = step.value;
  }

  static bool is_next(std::uint64_t before, const Step& step) {
    const std::uint64_t all = step.size >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * step.size)) - 1;
    const std::uint64_t difference = (step.value - before) & all;
    return difference == 1 || difference == all;
  }

  std::unordered_map<std::uint64_t, Use> uses_;
};

// A lock, from where a thread takes it to where it gives it up. An end past the last step: it never does.
struct Holding {
  std::size_t begin = 0, end = 0;
};

class Holdings {
public:
  Holdings(std::span<const Step> steps, const std::vector<bool>& in_company) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Step& step = steps[i];
      if (!is_lock(step.operation) || !step.succeeded) continue;
      std::vector<Holding>& held = held_[step.thread];
      const auto its_last = std::find_if(held.rbegin(), held.rend(), [&](const Holding& holding) {
        return steps[holding.begin].object == step.object;
      });
      if (!is_unlock(step.operation)) {
        if (in_company[i]) see_guards(steps, held, step.object);
        held.push_back({i, steps.size()});
      } else if (its_last != held.rend()) {
        all_.push_back({its_last->begin, i});
        held.erase(std::next(its_last).base());
      }
    }
    for (const auto& [thread, held] : held_) all_.insert(all_.end(), held.begin(), held.end());
  }

  const std::vector<Holding>& all() const { return all_; }

  // Whether the lock is only ever taken under one and the same other lock, which does all the guarding.
  bool is_guarded(std::uint64_t lock) const {
    const auto found = guards_.find(lock);
    return found != guards_.end() && !found->second.empty();
  }

private:
  static bool is_unlock(Operation operation) {
    return operation == Operation::unlock || operation == Operation::unlock_shared;
  }

  void see_guards(std::span<const Step> steps, const std::vector<Holding>& held, std::uint64_t lock) {
    std::set<std::uint64_t> now;
    for (const Holding& holding : held) {
      const Step& taking = steps[holding.begin];
      const bool shared = taking.operation == Operation::lock_shared || taking.operation == Operation::try_lock_shared;
      if (!shared && taking.object != lock) now.insert(taking.object);
    }
    const auto [guards, is_first] = guards_.try_emplace(lock, now);
    if (!is_first) std::erase_if(guards->second, [&](std::uint64_t guard) { return !now.contains(guard); });
  }

  std::map<std::uint16_t, std::vector<Holding>> held_;  // by thread, in the order of taking
  std::vector<Holding> all_;
  std::unordered_map<std::uint64_t, std::set<std::uint64_t>> guards_;
};

class Crossings {
public:
  Crossings(std::span<const Step> steps, const Log& log, const std::vector<bool>& early,
            const std::vector<bool>& in_company, Names& names)
      : steps_(steps),
        early_(early),
        in_company_(in_company),
        names_(names),
        counts_(steps),
        keep_(steps.size()),
        news_(steps.size()),
        losses_(steps.size()) {
    for (const Race& race : std::span(log.races).first(std::min<std::size_t>(log.race_count, max_races))) {
      raced_.insert(race.address / granule_bytes);
      raced_at_.insert({race.earlier.pc, race.later.pc});
    }
    keep_deadlock_ = log.verdict == Verdict::deadlock;
    created_at_.resize(max_threads);
    for (std::size_t i = 0; i < steps.size(); ++i)
      if (steps[i].operation == Operation::create) created_at_[steps[i].other % max_threads] = i;
  }

  void find(const Log& log, const std::vector<Selected>& selected) {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const Step& step = steps_[i];
      if (is_memory(step.operation)) {
        if (!early_[i] && (is_raced(step) || (!is_plain(step.operation) && decides(step)))) keep_[i] = true;
        for_each_granule(step, [&](std::uint64_t granule) { touch(i, granule); });
      } else if (!is_lock(step.operation)) {
        keep_[i] = true;
      }
    }
    keep_interrupted(log, selected);
    keep_locks();
  }

  bool keeps(std::size_t index) const { return keep_[index]; }
  // Of a read: the last write of another thread that it is kept for.
  std::optional<std::size_t> news(std::size_t index) const { return news_[index]; }
  const std::optional<Loss>& loss(std::size_t index) const { return losses_[index]; }

private:
  // Of each of its bytes: neighbours in one granule are no news to each other.
  struct Granule {
    using Steps = std::array<std::size_t, granule_bytes>;
    Steps written = filled();
    std::unordered_map<std::uint16_t, Steps> read;  // by thread

    static constexpr std::size_t never = ~std::size_t{0};
    static Steps filled() {
      Steps steps{};
      steps.fill(never);
      return steps;
    }
  };

  bool is_raced(const Step& step) const {
    bool raced = step.frame_count > 0 && raced_at_.contains(step.frames[0]);
    for_each_granule(step, [&](std::uint64_t granule) { raced |= raced_.contains(granule); });
    return raced;
  }

  // An atomic that has a name is one that the program speaks of.
  bool decides(const Step& step) const {
    return !counts_.merely_counts(step.object) || !names_.object_name(step.object).empty();
  }

  void touch(std::size_t index, std::uint64_t number) {
    const Step& step = steps_[index];
    Granule& granule = granules_[number];
    Granule::Steps& read = granule.read.try_emplace(step.thread, Granule::filled()).first->second;
    for (std::uint64_t i = 0; i < granule_bytes; ++i) {
      if (number * granule_bytes + i - step.object >= std::max<std::uint64_t>(step.size, 1)) continue;
      if (step.operation == Operation::read) {
        find_news(index, granule.written[i]);
        read[i] = index;
      } else if (writes(step)) {
        if (is_plain(step.operation)) find_loss(index, granule.written[i], read[i]);
        granule.written[i] = index;
      }
    }
  }

  bool is_others(std::size_t index, std::size_t written) const {
    return written != Granule::never && steps_[written].thread != steps_[index].thread && !early_[written];
  }

  void find_news(std::size_t index, std::size_t written) {
    if (!is_others(index, written) || !is_news(index, written)) return;
    keep_[index] = keep_[written] = true;
    if (!news_[index] || *news_[index] < written) news_[index] = written;
  }

  void find_loss(std::size_t index, std::size_t written, std::size_t read) {
    if (!is_others(index, written) || read == Granule::never || read > written) return;
    keep_[index] = keep_[written] = keep_[read] = true;
    if (!losses_[index] || losses_[index]->write < written) losses_[index] = Loss{written, read};
  }

  // What a thread was given when it was made is none; and once a thread is alone, only what was lost is.
  bool is_news(std::size_t reader, std::size_t writer) const {
    if (writer < created_at_[steps_[reader].thread % max_threads]) return false;
    return in_company_[reader] || losses_[writer];
  }

  // Without what a thread did last before it was interrupted, nobody would see from whom another took over.
  void keep_interrupted(const Log& log, const std::vector<Selected>& selected) {
    constexpr std::size_t interrupted_max = 8;
    std::vector<std::vector<Selected>::const_reverse_iterator> interrupted;
    const std::uint32_t count = std::min<std::uint32_t>(log.choice_count, max_choices);
    for (std::uint32_t i = 0; i < count; ++i) {
      const Choice& choice = log.choices[i];
      if (!interrupts(log, choice)) continue;
      const auto last = std::find_if(selected.rbegin(), selected.rend(), [&](const Selected& step) {
        return steps_[step.index].thread == choice.running && steps_[step.index].choice <= i;
      });
      if (last != selected.rend()) interrupted.push_back(last);
      if (interrupted.size() > interrupted_max) return;
    }
    // With all else that it did on that line.
    for (const auto& last : interrupted)
      for (auto step = last; step != selected.rend() && step->place == last->place &&
                             steps_[step->index].thread == steps_[last->index].thread;
           ++step)
        keep_[step->index] = true;
  }

  // Of the locks, those that guard something that is kept from someone; all, where they are what the run fails by.
  void keep_locks() {
    for (std::size_t i = 0; i < steps_.size(); ++i)
      if (is_lock(steps_[i].operation) && (keep_deadlock_ || !steps_[i].succeeded)) keep_[i] = true;
    // How many steps that are worth a lock were kept of the step's thread before it.
    std::vector<std::size_t> kept_before(steps_.size());
    std::unordered_map<std::uint16_t, std::size_t> kept_of;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      kept_before[i] = kept_of[steps_[i].thread];
      if (keep_[i] && is_guardable(steps_[i].operation)) ++kept_of[steps_[i].thread];
    }
    const Holdings holdings(steps_, in_company_);
    for (const auto& [begin, end] : holdings.all()) {
      const bool ends = end < steps_.size();
      const bool alone = !in_company_[begin] && !in_company_[ends ? end : steps_.size() - 1];
      const std::size_t kept_until = ends ? kept_before[end] : kept_of[steps_[begin].thread];
      const bool needless = alone || holdings.is_guarded(steps_[begin].object) || kept_until == kept_before[begin];
      const bool half_kept = keep_[begin] || (ends && keep_[end]);
      if (needless && !half_kept) continue;
      keep_[begin] = true;
      if (ends) keep_[end] = true;
    }
  }

  static bool is_guardable(Operation operation) {
    return is_memory(operation) || operation == Operation::wait || operation == Operation::wake;
  }

  const std::span<const Step> steps_;
  const std::vector<bool>& early_;
  const std::vector<bool>& in_company_;
  Names& names_;
  const Counts counts_;
  std::set<std::uint64_t> raced_;        // granules
  std::set<std::uint64_t> raced_at_;     // program counters
  std::vector<std::size_t> created_at_;  // by thread
  bool keep_deadlock_ = false;
  std::unordered_map<std::uint64_t, Granule> granules_;
  std::vector<bool> keep_;
  std::vector<std::optional<std::size_t>> news_;
  std::vector<std::optional<Loss>> losses_;
};

}  // namespace

void keep_crossings(std::span<const Step> steps, const Log& log, const std::vector<bool>& early,
                    const std::vector<bool>& in_company, Names& names, std::vector<Selected>& selected) {
  Crossings crossings(steps, log, early, in_company, names);
  crossings.find(log, selected);
  std::erase_if(selected, [&](const Selected& step) { return !crossings.keeps(step.index); });
  for (Selected& step : selected) {
    step.loss = crossings.loss(step.index);
    // Where the last write to some of what was read is not shown, one that is.
    if (step.writer && !crossings.keeps(*step.writer)) step.writer = crossings.news(step.index);
  }
}

}  // namespace lab::explorer
