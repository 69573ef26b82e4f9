#include "tools/explorer/account/lanes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "tools/explorer/account/kinds.hpp"
#include "tools/explorer/account/names.hpp"
#include "tools/explorer/account/text.hpp"

namespace lab::explorer {
namespace {

constexpr std::size_t width_min = 40;
constexpr std::size_t gap = 2;

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t used = columns(text);
  return used < width ? text + std::string(width - used, ' ') : text;
}

std::string trimmed_end(std::string text) {
  text.resize(text.find_last_not_of(' ') + 1);  // npos + 1 is 0
  return text;
}

std::string repeated(std::uint32_t block, std::uint32_t times) {
  return block == 1 ? fmt::format(", {} times", times) : fmt::format("… the last {}, {} times", block, times);
}

// Breaks a source line after the last of these characters that leaves both parts short enough.
std::vector<std::string> broken_after(std::string_view characters, std::string_view text, std::size_t width) {
  for (std::size_t at = text.find_last_of(characters); at != std::string_view::npos && at > 0;
       at = text.find_last_of(characters, at - 1)) {
    const std::string first = trimmed_end(std::string(text.substr(0, at + 1)));
    const std::string second = std::string(gap, ' ') + std::string(text.substr(at + 1));
    if (columns(second) > width) break;
    if (columns(first) <= width) return {first, second};
  }
  return {};
}

// A source line that fits: on one line or two, broken where code is best broken; else what can be seen of it on one.
std::vector<std::string> source_lines(const std::string& text, std::size_t width) {
  if (columns(text) <= width) return {text};
  for (const std::string_view characters : {" ", "(,{"})
    if (std::vector<std::string> lines = broken_after(characters, text, width); !lines.empty()) return lines;
  if (std::vector<std::string> lines = wrap(text, width, gap); lines.size() <= 2) return lines;
  return {cut(text, width)};
}

// What stands in a step's lane.
std::vector<std::string> cell(const ExplainedStep& step, std::size_t width, Places places) {
  std::vector<std::string> lines;
  const auto add = [&](std::string_view text, std::size_t indent) {
    for (std::string& line : wrap(clean(text), width, indent)) lines.push_back(std::move(line));
  };
  // The brace at which a scope ends says less than what is done there.
  const bool at_scope_end = step.text == "}" && step.deeds.size() == 1 && step.deeds.front().times == 1;
  if (!step.place.file.empty()) {
    const std::string where = places == Places::line ? fmt::format("{}", step.place.line) : clean(location(step.place));
    const std::string text = clean(at_scope_end ? sentence(step.deeds.front()) : step.text);
    if (text.empty() || columns(where) + gap + columns(text) <= width) {
      add(text.empty() ? where : where + "  " + text, gap);
    } else {
      add(where, gap);
      for (std::string& line : source_lines(text, width)) lines.push_back(std::move(line));
    }
  }
  std::size_t block_end = 0;
  std::uint32_t block = 1, times = 1;
  for (std::size_t i = 0; i < step.deeds.size(); ++i) {
    const Deed& deed = step.deeds[i];
    if (deed.times > 1) {
      block = deed.block;
      times = deed.times;
      block_end = i + block;
    }
    const bool ends_block = times > 1 && i + 1 == block_end;
    const bool alone = ends_block && block == 1;
    if (!at_scope_end || step.place.file.empty()) add(sentence(deed) + (alone ? repeated(block, times) : ""), gap);
    if (ends_block && !alone) add(repeated(block, times), gap);
    if (ends_block) times = 1;
  }
  if (step.failing) add("here the run fails", gap);
  return lines;
}

// Accesses to memory say what went wrong, and that a lock is free again says least.
int weight(const ExplainedStep& step) {
  int heaviest = 0;
  for (const Deed& deed : step.deeds) {
    const bool unlocks = deed.operation == Operation::unlock || deed.operation == Operation::unlock_shared;
    heaviest = std::max(heaviest, is_memory(deed.operation) ? 2 : unlocks ? 0 : 1);
  }
  return heaviest;
}

// At most `most` of [begin, end): the weightiest, and of those that weigh the same the first and the last.
void show_weightiest(const std::vector<ExplainedStep>& steps, std::vector<bool>& shown, std::size_t begin,
                     std::size_t end, std::size_t most) {
  std::vector<std::size_t> order(end - begin);
  std::iota(order.begin(), order.end(), begin);
  const auto from_ends = [&](std::size_t at) { return std::min(2 * (at - begin), 2 * (end - 1 - at) + 1); };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const int difference = weight(steps[a]) - weight(steps[b]);
    return difference != 0 ? difference > 0 : from_ends(a) < from_ends(b);
  });
  order.resize(std::min(order.size(), most));
  for (const std::size_t at : order) shown[at] = true;
}

// What tells most of each stretch that one thread does without a switch.
std::vector<bool> most_of_stretches(const std::vector<ExplainedStep>& steps, std::size_t most) {
  std::vector<bool> shown(steps.size());
  for (std::size_t begin = 0; begin < steps.size();) {
    std::size_t end = begin + 1;
    while (end < steps.size() && steps[end].thread == steps[begin].thread) ++end;
    show_weightiest(steps, shown, begin, end, most);
    begin = end;
  }
  return shown;
}

std::size_t count_shown(const std::vector<bool>& shown) {
  return static_cast<std::size_t>(std::count(shown.begin(), shown.end(), true));
}

// Whatever else there is, the failure is seen, what is waited for to the end, the last updates that were lost, and
// where the last values were written that another thread is shown to read.
void show_what_counts(const std::vector<ExplainedStep>& steps, std::vector<bool>& shown) {
  constexpr std::size_t losses_max = 4, crossings_max = 4;
  std::size_t losses = 0, crossings = 0;
  for (std::size_t i = steps.size(); i-- > 0;) {
    if (steps[i].failing) shown[i] = true;
    for (const Deed& deed : steps[i].deeds) {
      if (deed.waiting) shown[i] = true;
      if (shown[i] && deed.written_by && steps[deed.written_by->step].thread != steps[i].thread &&
          !shown[deed.written_by->step] && crossings < crossings_max) {
        ++crossings;
        shown[deed.written_by->step] = true;
      }
      if (!deed.overwrites || losses == losses_max) continue;
      ++losses;
      shown[i] = shown[deed.overwrites->step] = true;
      if (deed.last_read) shown[deed.last_read->step] = true;
    }
  }
}

// What repeats itself is told as a whole.
void show_whole_blocks(const std::vector<ExplainedStep>& steps, std::vector<bool>& shown) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].times == 1) continue;
    const auto begin = shown.begin() + static_cast<std::ptrdiff_t>(i);
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min<std::size_t>(steps[i].block, steps.size() - i));
    if (std::find(begin, end, true) != end) std::fill(begin, end, true);
  }
}

std::vector<bool> shown_steps(const std::vector<ExplainedStep>& steps, std::size_t steps_max) {
  if (steps.size() <= steps_max) return std::vector<bool>(steps.size(), true);
  // As much of each stretch as there is room for.
  constexpr std::size_t stretch_min = 2;
  std::size_t most = std::max(steps_max, stretch_min);
  std::vector<bool> shown = most_of_stretches(steps, most);
  while (count_shown(shown) > steps_max && most > stretch_min) shown = most_of_stretches(steps, --most);
  if (count_shown(shown) > steps_max) {
    shown.assign(steps.size(), false);
    show_weightiest(steps, shown, 0, steps.size(), steps_max);
  }
  show_what_counts(steps, shown);
  show_whole_blocks(steps, shown);
  return shown;
}

class Drawing {
public:
  Drawing(const Explanation& explanation, std::size_t width, Places places)
      : explanation_(explanation), places_(places), width_(std::max(width, width_min)) {
    std::set<std::uint16_t> threads;
    for (const ExplainedStep& step : explanation.steps) threads.insert(step.thread);
    threads_.assign(threads.begin(), threads.end());
    margin_ = fmt::format("{}", explanation.steps.size()).size() + gap;
    const std::size_t count = std::max<std::size_t>(threads_.size(), 1);
    const std::size_t gaps = gap * (count - 1);
    lane_ = width_ > margin_ + gaps ? (width_ - margin_ - gaps) / count : 0;
    in_lanes_ = threads_.size() <= lanes_max && lane_ >= lane_width_min;
    for (const std::uint16_t thread : threads_) name_ = std::max(name_, thread_name(thread).size());
  }

  std::string draw(std::string_view verdict, std::size_t steps_max) {
    if (in_lanes_ && !threads_.empty()) add_heads();
    const std::size_t count = explanation_.steps.size();
    const std::vector<bool> shown = shown_steps(explanation_.steps, steps_max);
    for (std::size_t i = 0; i < count;) {
      if (shown[i]) {
        add_step(i++);
        continue;
      }
      const auto next = static_cast<std::size_t>(
          std::find(shown.begin() + static_cast<std::ptrdiff_t>(i), shown.end(), true) - shown.begin());
      const bool is_no_longer = next == i + 1 && cell(explanation_.steps[i], room_of(i), places_).size() <= 1;
      if (is_no_longer) {
        add_step(i);
      } else {
        add_gap(i, next);
      }
      i = next;
    }
    if (explanation_.truncated) add_line("… the record was full here: what came after is not shown …");
    if (verdict.empty()) return std::move(text_);
    if (count > 0) text_ += '\n';
    for (const std::string& line : wrap(clean(verdict), width_, gap)) add_line(line);
    return std::move(text_);
  }

private:
  void add_line(std::string line) { text_ += trimmed_end(std::move(line)) + '\n'; }

  void add_heads() {
    std::string line(margin_, ' ');
    for (const std::uint16_t thread : threads_) line += padded(thread_name(thread), lane_ + gap);
    add_line(std::move(line));
  }

  // Stands for the steps of [begin, end). A switch among them is told with them, unless there are several.
  void add_gap(std::size_t begin, std::size_t end) {
    const std::vector<ExplainedStep>& steps = explanation_.steps;
    std::vector<std::size_t> switches;
    for (std::size_t i = begin; i < end; ++i)
      if (i > 0 && steps[i].takes_over) switches.push_back(i);
    const std::string count = count_of(end - begin, "step");
    if (switches.size() == 1 && !(end < steps.size() && steps[end].takes_over)) {
      add_switch(switches.front(), fmt::format(" ({} left out)", count));
    } else {
      add_line(switches.empty() ? fmt::format("… {} of {} without a switch …", count, thread_name(steps[begin].thread))
                                : fmt::format("… {} left out …", count));
    }
  }

  void add_switch(std::size_t index, const std::string& besides = "") {
    const ExplainedStep& step = explanation_.steps[index];
    std::string line = fmt::format("-- {} takes over", thread_name(step.thread));
    if (step.preempts)
      line += fmt::format(" from {}, which could have gone on", thread_name(explanation_.steps[index - 1].thread));
    line += besides;
    line = cut(line, width_);
    if (columns(line) + 1 < width_) line += ' ' + std::string(width_ - columns(line) - 1, '-');
    add_line(std::move(line));
  }

  std::string before_of(std::size_t index) const {
    const ExplainedStep& step = explanation_.steps[index];
    const std::string number = fmt::format("{:>{}}  ", index + 1, margin_ - gap);
    if (!in_lanes_) return number + padded(thread_name(step.thread), name_) + "  ";
    const auto lane = std::find(threads_.begin(), threads_.end(), step.thread) - threads_.begin();
    return number + std::string(static_cast<std::size_t>(lane) * (lane_ + gap), ' ');
  }

  std::size_t room_of(std::size_t index) const {
    if (in_lanes_) return lane_;
    const std::size_t used = columns(before_of(index));
    return width_ > used ? width_ - used : 1;
  }

  void add_step(std::size_t index) {
    const ExplainedStep& step = explanation_.steps[index];
    if (step.takes_over && index > 0) add_switch(index);
    // A number stands right-aligned; below it, and in the lanes of others, nothing.
    std::string before = before_of(index);
    for (const std::string& line : cell(step, room_of(index), places_)) {
      add_line(before + line);
      before.assign(columns(before), ' ');
    }
    if (step.times > 1) block_ = {index, step.block, step.times};
    if (block_.times > 1 && index + 1 == block_.begin + block_.length) {
      add_line(std::string(margin_, ' ') +
               (block_.length == 1
                    ? fmt::format("… step {}, {} times", index + 1, block_.times)
                    : fmt::format("… steps {} to {}, {} times", block_.begin + 1, index + 1, block_.times)));
    }
  }

  struct Block {
    std::size_t begin = 0, length = 0;
    std::uint32_t times = 1;
  };

  const Explanation& explanation_;
  const Places places_;
  std::size_t width_;
  std::vector<std::uint16_t> threads_;
  std::size_t margin_ = 0, lane_ = 0, name_ = 0;
  bool in_lanes_ = false;
  Block block_;
  std::string text_;
};

}  // namespace

std::string lanes(const Explanation& explanation, std::string_view verdict, std::size_t width, std::size_t steps_max,
                  Places places) {
  return Drawing(explanation, width, places).draw(verdict, steps_max);
}

}  // namespace lab::explorer
