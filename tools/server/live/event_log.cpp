#include "tools/server/live/event_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <random>
#include <utility>

namespace lab::live {

EventLog::EventLog() : name_(fmt::format("{:08x}", std::random_device()())) {}

void EventLog::begin(std::string kind, std::string data) {
  MutexLock lock(mutex_);
  events_.clear();
  events_.push_back({++last_, std::move(kind), std::move(data)});
  changed_.notify_all();
}

void EventLog::append(std::string kind, std::string data) {
  MutexLock lock(mutex_);
  events_.push_back({++last_, std::move(kind), std::move(data)});
  changed_.notify_all();
}

std::vector<Event> EventLog::after(EventNumber seen, std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  MutexLock lock(mutex_);
  while (last_ <= seen) {
    const auto left = until - std::chrono::steady_clock::now();
    if (left <= left.zero()) return {};
    changed_.wait_for(mutex_, left);
  }
  const auto first = std::upper_bound(events_.begin(), events_.end(), seen,
                                      [](EventNumber number, const Event& event) { return number < event.number; });
  return {first, events_.end()};
}

std::string EventLog::as_sent(const Event& event) const {
  return fmt::format("id: {}-{}\nevent: {}\ndata: {}\n\n", name_, event.number, event.kind, event.data);
}

EventNumber EventLog::number_in(std::string_view id) const {
  if (id.substr(0, name_.size()) != name_ || id.substr(name_.size(), 1) != "-") return 0;
  const std::string_view digits = id.substr(name_.size() + 1);
  EventNumber number = 0;
  const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() && rest == digits.data() + digits.size() ? number : 0;
}

}  // namespace lab::live
