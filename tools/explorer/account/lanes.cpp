#include "tools/explorer/account/lanes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

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

// What stands in a step's lane.
std::vector<std::string> cell(const ExplainedStep& step, std::size_t width) {
  std::vector<std::string> lines;
  const auto add = [&](std::string_view text, std::size_t indent) {
    for (std::string& line : wrap(clean(text), width, indent)) lines.push_back(std::move(line));
  };
  if (!step.place.file.empty()) {
    const std::string where = clean(location(step.place));
    const std::string text = clean(step.text);
    if (text.empty() || columns(where) + gap + columns(text) <= width) {
      add(text.empty() ? where : where + "  " + text, gap);
    } else {
      add(where, gap);
      lines.push_back(cut(text, width));
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
    add(sentence(deed) + (alone ? repeated(block, times) : ""), gap);
    if (ends_block && !alone) add(repeated(block, times), gap);
    if (ends_block) times = 1;
  }
  if (step.failing) add("here the run fails", gap);
  return lines;
}

class Drawing {
public:
  Drawing(const Explanation& explanation, std::size_t width)
      : explanation_(explanation), width_(std::max(width, width_min)) {
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
    const std::size_t head = count > steps_max ? (steps_max + 1) / 2 : count;
    const std::size_t tail = count > steps_max ? count - steps_max / 2 : count;
    for (std::size_t i = 0; i < head; ++i) add_step(i);
    if (tail > head) add_line(fmt::format("… {} left out …", count_of(tail - head, "step")));
    for (std::size_t i = tail; i < count; ++i) add_step(i);
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

  void add_switch(std::size_t index) {
    const ExplainedStep& step = explanation_.steps[index];
    std::string line = fmt::format("-- {} takes over", thread_name(step.thread));
    if (step.preempts)
      line += fmt::format(" from {}, which could have gone on", thread_name(explanation_.steps[index - 1].thread));
    line = cut(line, width_);
    if (columns(line) + 1 < width_) line += ' ' + std::string(width_ - columns(line) - 1, '-');
    add_line(std::move(line));
  }

  void add_step(std::size_t index) {
    const ExplainedStep& step = explanation_.steps[index];
    if (step.takes_over && index > 0) add_switch(index);
    // A number stands right-aligned; below it, and in the lanes of others, nothing.
    std::string before = fmt::format("{:>{}}  ", index + 1, margin_ - gap);
    std::size_t room = lane_;
    if (in_lanes_) {
      const auto lane = std::find(threads_.begin(), threads_.end(), step.thread) - threads_.begin();
      before += std::string(static_cast<std::size_t>(lane) * (lane_ + gap), ' ');
    } else {
      before += padded(thread_name(step.thread), name_) + "  ";
      room = width_ > columns(before) ? width_ - columns(before) : 1;
    }
    for (const std::string& line : cell(step, room)) {
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
  std::size_t width_;
  std::vector<std::uint16_t> threads_;
  std::size_t margin_ = 0, lane_ = 0, name_ = 0;
  bool in_lanes_ = false;
  Block block_;
  std::string text_;
};

}  // namespace

std::string lanes(const Explanation& explanation, std::string_view verdict, std::size_t width, std::size_t steps_max) {
  return Drawing(explanation, width).draw(verdict, steps_max);
}

}  // namespace lab::explorer
