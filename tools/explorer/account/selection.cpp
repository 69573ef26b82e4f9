#include "tools/explorer/account/selection.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

namespace lab::explorer {
namespace {

constexpr std::uint64_t granule_bytes = 8;

bool is_memory(Operation operation) {
  switch (operation) {
    case Operation::read:
    case Operation::write:
    case Operation::atomic_load:
    case Operation::atomic_store:
    case Operation::atomic_update:
      return true;
    default:
      return false;
  }
}

bool is_plain(Operation operation) { return operation == Operation::read || operation == Operation::write; }

bool writes(const Step& step) {
  return step.operation == Operation::write || step.operation == Operation::atomic_store ||
         (step.operation == Operation::atomic_update && step.succeeded);
}

// Whether the step's value is one that it found there. A successful update tells what it left behind instead.
bool finds_value(const Step& step) {
  return step.operation == Operation::read || step.operation == Operation::atomic_load ||
         (step.operation == Operation::atomic_update && !step.succeeded);
}

// What threads did to one granule or object.
class Touches {
public:
  void add(std::uint16_t thread, bool write_in_company) {
    if (!touched_) first_ = thread;
    by_two_ |= touched_ && thread != first_;
    touched_ = true;
    written_ |= write_in_company;
  }
  bool by_two() const { return by_two_; }
  bool shared_and_written() const { return by_two_ && written_; }

private:
  std::uint16_t first_ = 0;
  bool touched_ = false, by_two_ = false, written_ = false;
};

// How many threads live at each step: from creation to end, and from its first step for one whose creation is missing.
class Company {
public:
  void before(const Step& step) {
    living_.insert(step.thread);
    if (step.operation == Operation::create) living_.insert(step.other);
    begun_ |= living_.size() > 1;
  }
  void after(const Step& step) {
    if (step.operation == Operation::end) living_.erase(step.thread);
  }
  bool in_company() const { return living_.size() > 1; }
  bool begun() const { return begun_; }  // there was a second thread, now or before

private:
  std::set<std::uint16_t> living_ = {0};
  bool begun_ = false;
};

template <class Visit>
void for_each_granule(const Step& step, Visit visit) {
  const std::uint64_t last = step.object + std::max<std::uint64_t>(step.size, 1) - 1;
  for (std::uint64_t granule = step.object / granule_bytes; granule <= last / granule_bytes; ++granule) visit(granule);
}

// The last step that wrote each byte.
class Writers {
public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  void write(const Step& step, std::size_t index) {
    for_each_byte(step, [&](std::uint32_t& writer) { writer = static_cast<std::uint32_t>(index); });
  }
  std::optional<std::size_t> last(const Step& step) {
    std::optional<std::size_t> latest;
    for_each_byte(step, [&](std::uint32_t writer) {
      if (writer != none && (!latest || writer > *latest)) latest = writer;
    });
    return latest;
  }

private:
  using Granule = std::array<std::uint32_t, granule_bytes>;

  template <class Visit>
  void for_each_byte(const Step& step, Visit visit) {
    const std::uint64_t end = step.object + std::max<std::uint64_t>(step.size, 1);
    for (std::uint64_t byte = step.object; byte != end; ++byte) {
      const auto [entry, is_new] = granules_.try_emplace(byte / granule_bytes);
      if (is_new) entry->second.fill(none);
      visit(entry->second[byte % granule_bytes]);
    }
  }

  std::unordered_map<std::uint64_t, Granule> granules_;
};

struct Survey {
  std::unordered_map<std::uint64_t, Touches> granules;
  std::unordered_map<std::uint64_t, Touches> objects;
  std::vector<bool> early;       // before there was a second thread
  std::vector<bool> in_company;  // while there is one
  std::vector<std::optional<std::size_t>> writers;
  std::optional<std::size_t> fatal_free;  // use after free: the step that freed what failed
};

Survey survey(std::span<const Step> steps, const Outcome& outcome) {
  Survey result;
  Company company;
  Writers writers;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    company.before(step);
    result.early.push_back(!company.begun());
    result.in_company.push_back(company.in_company());
    result.writers.emplace_back();
    if (company.begun()) result.objects[step.object].add(step.thread, false);
    if (is_memory(step.operation)) {
      if (company.begun()) {
        for_each_granule(step, [&](std::uint64_t granule) {
          result.granules[granule].add(step.thread, writes(step) && company.in_company());
        });
      }
      if (finds_value(step)) result.writers.back() = writers.last(step);
      if (writes(step)) writers.write(step, i);
    }
    company.after(step);
  }
  // A block's size is not known: it is the freed one that begins closest below what was touched.
  if (outcome.verdict != Verdict::use_after_free || steps.empty()) return result;
  const std::uint64_t touched = steps.back().object;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].operation != Operation::free || steps[i].object > touched) continue;
    if (!result.fatal_free || steps[i].object >= steps[*result.fatal_free].object) result.fatal_free = i;
  }
  return result;
}

bool matters(const Step& step, std::size_t index, const Survey& survey) {
  const auto object_by_two = [&] {
    const auto found = survey.objects.find(step.object);
    return found != survey.objects.end() && found->second.by_two();
  };
  switch (step.operation) {
    case Operation::start:
    case Operation::clock:
      return false;
    case Operation::free:
      return survey.fatal_free == index;
    case Operation::once:
      return object_by_two();
    default:
      break;
  }
  if (!is_memory(step.operation)) return true;
  if (survey.early[index]) return false;
  if (!is_plain(step.operation) && object_by_two()) return true;
  bool shared = false;
  for_each_granule(step, [&](std::uint64_t granule) {
    const auto found = survey.granules.find(granule);
    shared |= found != survey.granules.end() && found->second.shared_and_written();
  });
  return shared;
}

}  // namespace

std::span<const std::uint64_t> stack_of(const std::uint64_t (&frames)[max_frames], std::size_t count) {
  return std::span(frames).first(std::min(count, max_frames));
}

namespace {

bool is_lock(Operation operation) {
  switch (operation) {
    case Operation::lock:
    case Operation::lock_shared:
    case Operation::try_lock:
    case Operation::try_lock_shared:
    case Operation::unlock:
    case Operation::unlock_shared:
      return true;
    default:
      return false;
  }
}

std::optional<Place> place_of(const Step& step, Names& names) {
  const auto stack = stack_of(step.frames, step.frame_count);
  return is_lock(step.operation) ? names.lock_place_of(stack) : names.place_of(stack);
}

// How many lines of an account the steps would be: those of one thread on one line that follow each other are one.
std::size_t count_lines(std::span<const Step> steps, const std::vector<Selected>& selected) {
  std::size_t lines = 0;
  const Selected* before = nullptr;
  for (const Selected& step : selected) {
    if (before == nullptr || steps[before->index].thread != steps[step.index].thread || before->place != step.place)
      ++lines;
    before = &step;
  }
  return lines;
}

// What is kept of a long record: by what steps information went from one thread to another. In a program of some size
// most of what threads share is guarded and comes as it should; where it does not, a thread reads what another wrote,
// or writes over what it has not seen.
class Crossings {
public:
  Crossings(std::span<const Step> steps, const Log& log, const Survey& survey, Names& names)
      : steps_(steps), survey_(survey), names_(names), keep_(steps.size()), loses_(steps.size()) {
    for (const Race& race : std::span(log.races).first(std::min<std::size_t>(log.race_count, max_races)))
      raced_.insert(race.address / granule_bytes);
    keep_deadlock_ = log.verdict == Verdict::deadlock;
    created_at_.resize(max_threads);
    for (std::size_t i = 0; i < steps.size(); ++i)
      if (steps[i].operation == Operation::create) created_at_[steps[i].other % max_threads] = i;
  }

  void find() {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const Step& step = steps_[i];
      if (is_plain(step.operation)) {
        for_each_granule(step, [&](std::uint64_t granule) { touch(i, granule); });
      } else if (is_memory(step.operation)) {
        keep_[i] = keep_[i] || (!survey_.early[i] && !names_.object_name(step.object).empty());
      } else if (!is_lock(step.operation)) {
        keep_[i] = true;
      }
    }
    keep_locks();
  }

  bool keeps(std::size_t index) const { return keep_[index]; }
  std::optional<std::size_t> loses(std::size_t index) const { return loses_[index]; }

private:
  struct Granule {
    std::optional<std::size_t> writer;
    std::unordered_map<std::uint16_t, std::size_t> reads;  // of each thread the last
  };

  void touch(std::size_t index, std::uint64_t number) {
    const Step& step = steps_[index];
    Granule& granule = granules_[number];
    const bool by_other =
        granule.writer && steps_[*granule.writer].thread != step.thread && !survey_.early[*granule.writer];
    if (raced_.contains(number) && !survey_.early[index]) keep_[index] = true;
    if (step.operation == Operation::read) {
      if (by_other && is_news(index, *granule.writer)) keep_[index] = keep_[*granule.writer] = true;
      granule.reads[step.thread] = index;
      return;
    }
    const auto read = granule.reads.find(step.thread);
    if (by_other && read != granule.reads.end() && read->second < *granule.writer) {
      keep_[index] = keep_[*granule.writer] = keep_[read->second] = true;
      loses_[index] = granule.writer;
    }
    granule.writer = index;
  }

  // What a thread was given when it was made is none; and once a thread is alone, only what was lost is.
  bool is_news(std::size_t reader, std::size_t writer) const {
    if (writer < created_at_[steps_[reader].thread % max_threads]) return false;
    return survey_.in_company[reader] || loses_[writer];
  }

  // Of the locks, those that guard something that is kept; all, where they are what the run fails by.
  void keep_locks() {
    std::map<std::pair<std::uint16_t, std::uint64_t>, std::vector<std::size_t>> open;
    std::vector<std::size_t> kept_before(steps_.size() + 1);
    std::unordered_map<std::uint16_t, std::size_t> kept_of;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const Step& step = steps_[i];
      kept_before[i] = kept_of[step.thread];
      if (!is_lock(step.operation)) {
        kept_of[step.thread] += keep_[i] && is_memory(step.operation) ? 1 : 0;
        continue;
      }
      auto& begun = open[{step.thread, step.object}];
      const bool ends = step.operation == Operation::unlock || step.operation == Operation::unlock_shared;
      if (keep_deadlock_ || !step.succeeded) keep_[i] = true;
      if (!ends) {
        if (step.succeeded) begun.push_back(i);
        continue;
      }
      if (begun.empty()) continue;
      const std::size_t begin = begun.back();
      begun.pop_back();
      if (kept_before[i] > kept_before[begin]) keep_[begin] = keep_[i] = true;
    }
  }

  const std::span<const Step> steps_;
  const Survey& survey_;
  Names& names_;
  std::set<std::uint64_t> raced_;
  std::vector<std::size_t> created_at_;  // by thread
  bool keep_deadlock_ = false;
  std::unordered_map<std::uint64_t, Granule> granules_;
  std::vector<bool> keep_;
  std::vector<std::optional<std::size_t>> loses_;
};

}  // namespace

std::vector<Selected> select_steps(std::span<const Step> steps, const Log& log, Names& names) {
  const Survey found = survey(steps, log);
  std::vector<bool> keep(steps.size());
  // From the end, so that a writer is settled after all who read what it wrote.
  for (std::size_t i = steps.size(); i-- > 0;) {
    keep[i] = keep[i] || matters(steps[i], i, found) || steps[i].operation == Operation::failure;
    if (keep[i] && found.writers[i]) keep[*found.writers[i]] = true;
  }
  std::vector<Selected> selected;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!keep[i]) continue;
    const Step& step = steps[i];
    const bool anywhere = step.operation == Operation::failure || step.operation == Operation::end ||
                          step.operation == Operation::create || step.operation == Operation::join;
    std::optional<Place> place = place_of(step, names);
    if (!place && !anywhere) continue;
    if (!place && step.operation == Operation::failure)
      place = names.any_place_of(stack_of(step.frames, step.frame_count));
    selected.push_back({i, place.value_or(Place{}), found.writers[i], std::nullopt});
  }
  // What fits on a screen or two is shown whole.
  constexpr std::size_t lines_max = 40;
  if (count_lines(steps, selected) <= lines_max) return selected;
  Crossings crossings(steps, log, found, names);
  crossings.find();
  std::erase_if(selected, [&](const Selected& step) { return !crossings.keeps(step.index); });
  for (Selected& step : selected) step.loses = crossings.loses(step.index);
  return selected;
}

}  // namespace lab::explorer
