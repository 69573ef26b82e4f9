#include "tools/explorer/account/explanation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "tools/explorer/account/folding.hpp"
#include "tools/explorer/account/holding.hpp"
#include "tools/explorer/account/kinds.hpp"
#include "tools/explorer/account/names.hpp"
#include "tools/explorer/account/naming.hpp"
#include "tools/explorer/account/selection.hpp"

namespace lab::explorer {
namespace {

// A spin loop has a handful of lines; a livelock of two threads twice as many.
constexpr std::size_t repeated_steps_max = 8;
constexpr std::size_t repeated_deeds_max = 4;

// Who wrote it is left out: each round of a livelock reads what the round before wrote.
bool is_alike(const Deed& a, const Deed& b) {
  return a.operation == b.operation && a.object == b.object && a.value == b.value && a.other == b.other &&
         a.timed_out == b.timed_out && a.spurious == b.spurious && a.succeeded == b.succeeded &&
         a.waiting == b.waiting && a.words == b.words && a.block == b.block && a.times == b.times;
}

bool is_alike(const ExplainedStep& a, const ExplainedStep& b) {
  return a.thread == b.thread && a.place == b.place && !a.failing && !b.failing &&
         std::equal(a.deeds.begin(), a.deeds.end(), b.deeds.begin(), b.deeds.end(),
                    [](const Deed& one, const Deed& other) { return is_alike(one, other); });
}

bool on_one_line(const Place& a, const Place& b) { return !a.file.empty() && a.file == b.file && a.line == b.line; }

class Explainer {
public:
  Explainer(const Log& log, Names& names, ObjectNames& objects, Detail detail)
      : log_(log),
        names_(names),
        objects_(objects),
        detail_(detail),
        steps_(log.steps, std::min<std::size_t>(log.step_count, max_steps)) {}

  Explanation explain() {
    blocked_ = std::span(log_.blocked).first(std::min<std::size_t>(log_.blocked_count, max_blocked));
    for (const Step& step : steps_) objects_.see(step.object, step.operation);
    for (const Blocked& blocked : blocked_) {
      objects_.see(blocked.object, blocked.operation);
      for (const std::uint64_t held : held_by(blocked)) objects_.see(held, Operation::lock);
    }
    result_.truncated = log_.truncated;
    result_.failing_thread = log_.failing_thread;
    add_steps();
    sum_up();
    name_objects();
    add_races();
    add_failure();
    add_waiting();
    mark_switches();
    name_locks_held();
    fold_repeats();
    std::set<std::uint16_t> threads;
    for (const ExplainedStep& step : result_.steps) threads.insert(step.thread);
    result_.thread_count = std::max<std::uint32_t>(static_cast<std::uint32_t>(threads.size()), 1);
    return std::move(result_);
  }

private:
  // How many choices had been made before the first and the last operation of a step.
  struct Choices {
    std::uint32_t first = 0, last = 0;
  };

  static std::span<const std::uint64_t> held_by(const Blocked& blocked) {
    return std::span(blocked.held).first(std::min<std::size_t>(blocked.held_count, std::size(blocked.held)));
  }

  // The step to which something that a thread does at a place belongs: its last one, if it is on the same line.
  ExplainedStep& step_at(std::uint16_t thread, const Place& place, std::uint32_t choice) {
    if (!result_.steps.empty()) {
      ExplainedStep& last = result_.steps.back();
      const bool goes_on = detail_ == Detail::what_matters || choices_.back().last == choice;
      if (last.thread == thread && on_one_line(last.place, place) && goes_on) {
        choices_.back().last = choice;
        return last;
      }
    }
    ExplainedStep& step = result_.steps.emplace_back();
    step.thread = thread;
    step.place = place;
    step.choice = choice;
    if (!place.file.empty()) step.text = names_.source_line(place.file, place.line);
    choices_.push_back({choice, choice});
    return step;
  }

  void add_steps() {
    std::unordered_map<std::size_t, Source> kept;  // by index in the log
    LocksHeld held;
    std::size_t seen = 0;  // steps of the log that `held` knows
    for (const Selected& selected : select_steps(steps_, log_, names_, detail_ == Detail::each_choice)) {
      const Step& step = steps_[selected.index];
      while (seen <= selected.index) held.see(steps_[seen++]);
      ExplainedStep& into = step_at(step.thread, selected.place, step.choice);
      holds_.resize(result_.steps.size());
      holds_.back() = held.of(step.thread);
      if (step.operation == Operation::failure) {
        into.failing = true;
        result_.failed_at = selected.place;
        result_.failing_thread = step.thread;
        continue;
      }
      Deed deed;
      deed.operation = step.operation;
      if (step.has_value) deed.value = step.value;
      if (is_memory(step.operation)) deed.touched.push_back({step.object, std::max<std::uint8_t>(step.size, 1)});
      deed.size = step.size;
      deed.other = step.other;
      deed.timed_out = step.timed_out;
      deed.spurious = step.spurious;
      deed.succeeded = step.succeeded;
      if (selected.writer) {
        if (const auto writer = kept.find(*selected.writer); writer != kept.end()) deed.written_by = writer->second;
      }
      if (selected.loss) {
        if (const auto lost = kept.find(selected.loss->write); lost != kept.end()) {
          deed.overwrites = lost->second;
          deed.loser = steps_[selected.loss->write].thread;
        }
        if (const auto read = kept.find(selected.loss->last_read); deed.overwrites && read != kept.end())
          deed.last_read = read->second;
      }
      into.deeds.push_back(deed);
      addresses_.resize(result_.steps.size());
      addresses_.back().push_back(has_object(step.operation) ? step.object : 0);
      kept[selected.index] = {result_.steps.size() - 1, into.deeds.size() - 1};
    }
  }

  // A step that touches many words without a name (an object is copied) says how many, and whose they are.
  void sum_up() {
    constexpr std::size_t single_words_max = 3;
    std::vector<std::vector<std::size_t>> new_deed(result_.steps.size());
    addresses_.resize(result_.steps.size());
    for (std::size_t i = 0; i < result_.steps.size(); ++i) {
      std::vector<Deed>& deeds = result_.steps[i].deeds;
      std::vector<std::uint64_t>& addresses = addresses_[i];
      const auto is_word = [&](std::size_t k) {
        const bool plain = deeds[k].operation == Operation::read || deeds[k].operation == Operation::write;
        return plain && names_.object_name(addresses[k]).empty();
      };
      std::size_t words = 0;
      for (std::size_t k = 0; k < deeds.size(); ++k) words += is_word(k) ? 1 : 0;
      std::vector<Deed> summed;
      std::vector<std::uint64_t> summed_addresses;
      for (std::size_t k = 0; k < deeds.size(); ++k) {
        const bool sums = words > single_words_max && is_word(k);
        const auto alike = [&](const Deed& sum) {
          const auto step_of = [](const std::optional<Source>& source) { return source ? source->step + 1 : 0; };
          return sum.words > 0 && sum.operation == deeds[k].operation &&
                 step_of(sum.written_by) == step_of(deeds[k].written_by) &&
                 step_of(sum.overwrites) == step_of(deeds[k].overwrites) &&
                 step_of(sum.last_read) == step_of(deeds[k].last_read);
        };
        const auto sum = sums ? std::find_if(summed.begin(), summed.end(), alike) : summed.end();
        new_deed[i].push_back(static_cast<std::size_t>(sum - summed.begin()));
        if (sum != summed.end()) {
          ++sum->words;
          sum->touched.insert(sum->touched.end(), deeds[k].touched.begin(), deeds[k].touched.end());
          continue;
        }
        summed.push_back(deeds[k]);
        summed_addresses.push_back(sums ? 0 : addresses[k]);
        if (sums) {
          summed.back().words = 1;
          summed.back().value.reset();
        }
      }
      deeds = std::move(summed);
      addresses = std::move(summed_addresses);
    }
    for_each_source([&](Source& source) { source.deed = new_deed[source.step][source.deed]; });
  }

  void name_objects() {
    for (std::size_t i = 0; i < addresses_.size(); ++i)
      for (std::size_t k = 0; k < addresses_[i].size(); ++k)
        if (addresses_[i][k] != 0) result_.steps[i].deeds[k].object = objects_.name(addresses_[i][k]);
  }

  // After all that is shown, so that the letters there do not depend on what is not.
  void name_locks_held() {
    for (std::size_t i = 0; i < result_.steps.size(); ++i) {
      ExplainedStep& step = result_.steps[i];
      if (i < holds_.size()) {
        for (const LocksHeld::One& one : holds_[i]) step.holds.push_back({objects_.name(one.lock), one.shared});
        continue;
      }
      // Where it waits to the end, or fails, it has taken and given up nothing.
      for (std::size_t before = i; before-- > 0;) {
        if (result_.steps[before].thread != step.thread) continue;
        step.holds = result_.steps[before].holds;
        break;
      }
    }
  }

  template <class Visit>
  void for_each_source(Visit visit) {
    for (ExplainedStep& step : result_.steps) {
      for (Deed& deed : step.deeds) {
        if (deed.written_by) visit(*deed.written_by);
        if (deed.overwrites) visit(*deed.overwrites);
        if (deed.last_read) visit(*deed.last_read);
      }
    }
  }

  static bool has_object(Operation operation) {
    switch (operation) {
      case Operation::start:
      case Operation::end:
      case Operation::create:
      case Operation::join:
      case Operation::fence:
      case Operation::yield:
      case Operation::sleep:
      case Operation::clock:
      case Operation::exit:
      case Operation::stop:
      case Operation::failure:
        return false;
      default:
        return true;
    }
  }

  void add_races() {
    const std::size_t count = std::min<std::size_t>(log_.race_count, max_races);
    for (const Race& race : std::span(log_.races).first(count)) {
      ExplainedRace& explained = result_.races.emplace_back();
      explained.object = names_.object_name(address_of(race));
      explained.earlier = race_place(race.earlier, std::span(&race.earlier.pc, 1));
      const auto stack = stack_of(race.frames, race.frame_count);
      explained.later = race_place(race.later, stack.empty() ? std::span(&race.later.pc, 1) : stack);
    }
  }

  // The log has the address of the word that holds what was raced; the record, of the thing itself.
  std::uint64_t address_of(const Race& race) const {
    for (const Step& step : steps_) {
      const bool its_place =
          step.frame_count > 0 && (step.frames[0] == race.later.pc || step.frames[0] == race.earlier.pc);
      if (its_place && step.object / 8 == race.address / 8) return step.object;
    }
    return race.address;
  }

  RacePlace race_place(const Access& access, std::span<const std::uint64_t> stack) {
    return {names_.any_place_of(stack).value_or(Place{}), access.thread, access.write, access.atomic};
  }

  // The failing step, where the log has none.
  void add_failure() {
    if (result_.failed_at || log_.verdict == Verdict::passed) return;
    result_.failed_at = names_.any_place_of(stack_of(log_.frames, log_.frame_count));
    if (!result_.failed_at && log_.verdict == Verdict::data_race && !result_.races.empty()) {
      result_.failed_at = result_.races.front().later.place;
      result_.failing_thread = result_.races.front().later.thread;
    }
    if (log_.verdict == Verdict::deadlock || !result_.failed_at) return;
    step_at(log_.failing_thread, *result_.failed_at, last_choice()).failing = true;
  }

  std::uint32_t last_choice() const {
    if (detail_ == Detail::each_choice) return log_.choice_count;
    return choices_.empty() ? 0 : choices_.back().last;
  }

  void add_waiting() {
    for (const Blocked& blocked : blocked_) {
      Waiting& waiting = result_.waiting.emplace_back();
      waiting.thread = blocked.thread;
      waiting.operation = blocked.operation;
      if (has_object(blocked.operation)) waiting.object = objects_.name(blocked.object);
      if (blocked.has_holder) waiting.holder = blocked.holder;
      for (const std::uint64_t held : held_by(blocked)) waiting.holds.push_back(objects_.name(held));
      waiting.place = waiting_place(blocked).value_or(Place{});

      if (blocked.taken_count > 0)
        waiting.taken_at = names_.lock_place_of(stack_of(blocked.taken, blocked.taken_count));

      Deed& deed = deed_of(waiting);
      deed.waiting = true;
      deed.holder = waiting.holder;
      if (waiting.operation == Operation::join) deed.other = waiting.holder.value_or(0);
    }
  }

  // A lock is waited for where it is used, not within its wrapper: as it was taken.
  std::optional<Place> waiting_place(const Blocked& blocked) {
    const auto stack = stack_of(blocked.frames, blocked.frame_count);
    if (is_lock(blocked.operation)) {
      if (std::optional<Place> place = names_.lock_place_of(stack)) return place;
    }
    return names_.any_place_of(stack);
  }

  // What the thread waits for may have been recorded when it began; not if the same was done before and is still held.
  Deed& deed_of(const Waiting& waiting) {
    const bool holds_it = std::find(waiting.holds.begin(), waiting.holds.end(), waiting.object) != waiting.holds.end();
    const auto its_last = std::find_if(result_.steps.rbegin(), result_.steps.rend(),
                                       [&](const ExplainedStep& step) { return step.thread == waiting.thread; });
    const bool may_go_on = detail_ == Detail::what_matters;
    if (may_go_on && its_last != result_.steps.rend() && !its_last->deeds.empty() && !holds_it) {
      Deed& last = its_last->deeds.back();
      if (last.operation == waiting.operation && last.object == waiting.object) return last;
    }
    Deed& deed = step_at(waiting.thread, waiting.place, last_choice()).deeds.emplace_back();
    deed.operation = waiting.operation;
    deed.object = waiting.object;
    return deed;
  }

  void mark_switches() {
    for (std::size_t i = 1; i < result_.steps.size(); ++i) {
      ExplainedStep& step = result_.steps[i];
      const std::uint16_t before = result_.steps[i - 1].thread;
      if (step.thread == before) continue;
      step.takes_over = true;
      step.preempts = was_interrupted(before, choices_[i - 1].last, choices_[i].first);
    }
  }

  // Whether, at a choice between two steps, another thread was taken though this one could have gone on.
  bool was_interrupted(std::uint16_t thread, std::uint32_t begin, std::uint32_t end) const {
    end = std::min<std::uint32_t>({end, log_.choice_count, max_choices});
    for (std::uint32_t i = begin; i < end; ++i)
      if (log_.choices[i].running == thread && interrupts(log_, log_.choices[i])) return true;
    return false;
  }

  void fold_repeats() {
    // Where each step and deed of now will be found afterwards.
    std::vector<std::size_t> new_step(result_.steps.size());
    std::vector<std::vector<std::size_t>> new_deed(result_.steps.size());
    for (std::size_t i = 0; i < result_.steps.size(); ++i)
      fold_elements(result_.steps[i].deeds, repeated_deeds_max, 2, new_deed[i]);
    const std::size_t block_max = detail_ == Detail::each_choice ? 0 : repeated_steps_max;
    fold_elements(result_.steps, block_max, 3, new_step);
    for_each_source([&](Source& source) { source = {new_step[source.step], new_deed[source.step][source.deed]}; });
  }

  template <class Element>
  static void fold_elements(std::vector<Element>& elements, std::size_t block_max, std::size_t times_min,
                            std::vector<std::size_t>& new_index) {
    new_index.resize(elements.size());
    std::vector<Element> kept;
    for (const Fold& found : fold(elements.size(), block_max, times_min,
                                  [&](std::size_t i, std::size_t j) { return is_alike(elements[i], elements[j]); })) {
      for (std::size_t i = 0; i < found.block * found.times; ++i)
        new_index[found.begin + i] = kept.size() + i % found.block;
      for (std::size_t i = 0; i < found.block; ++i) kept.push_back(std::move(elements[found.begin + i]));
      Element& first = kept[kept.size() - found.block];
      first.block = static_cast<std::uint32_t>(found.block);
      first.times = static_cast<std::uint32_t>(found.times);
    }
    elements = std::move(kept);
  }

  const Log& log_;
  Names& names_;
  ObjectNames& objects_;
  const Detail detail_;
  std::span<const Step> steps_;
  std::span<const Blocked> blocked_;
  Explanation result_;
  std::vector<Choices> choices_;                       // of each step in result_
  std::vector<std::vector<LocksHeld::One>> holds_;     // of each step's thread, after it
  std::vector<std::vector<std::uint64_t>> addresses_;  // of each deed's object, until it has a name; 0: none
};

}  // namespace

Explanation explain(const Log& log, Names& names) {
  ObjectNames objects(names);
  return explain(log, names, objects);
}

Explanation explain(const Log& log, Names& names, ObjectNames& objects, Detail detail) {
  return Explainer(log, names, objects, detail).explain();
}

}  // namespace lab::explorer
