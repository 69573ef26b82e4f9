#include "tools/explorer/account/selection.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>

#include "tools/explorer/account/crossings.hpp"
#include "tools/explorer/account/kinds.hpp"

namespace lab::explorer {
namespace {

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
    for (std::uint64_t byte = step.object; byte != end;) {
      const auto [entry, is_new] = granules_.try_emplace(byte / granule_bytes);
      if (is_new) entry->second.fill(none);
      do {
        visit(entry->second[byte % granule_bytes]);
        ++byte;
      } while (byte != end && byte % granule_bytes != 0);
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

}  // namespace

bool interrupts(const Log& log, const Choice& choice) {
  const std::uint64_t taken = std::uint64_t{choice.first} + choice.taken;
  if (!choice.could_go_on || taken >= max_alternatives) return false;
  const Alternative& alternative = log.alternatives[taken];
  return alternative.thread != choice.running && alternative.act != Act::choose;
}

std::vector<Selected> select_steps(std::span<const Step> steps, const Log& log, Names& names, bool whole) {
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
  if (whole || count_lines(steps, selected) <= lines_max) return selected;
  keep_crossings(steps, log, found.early, found.in_company, names, selected);
  return selected;
}

}  // namespace lab::explorer
