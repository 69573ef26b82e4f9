// The last lines of what another program printed: enough to see why it failed.
#pragma once

#include <cstddef>
#include <deque>
#include <string>

namespace lab::cli {

class Tail {
public:
  explicit Tail(std::size_t lines_max) : lines_max_(lines_max) {}

  void add(const std::string& line) {
    lines_.push_back(line);
    if (lines_.size() > lines_max_) lines_.pop_front();
  }
  const std::deque<std::string>& lines() const { return lines_; }

private:
  std::size_t lines_max_;
  std::deque<std::string> lines_;
};

}  // namespace lab::cli
