#include "tests/generated/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bitset>
#include <vector>

#include "tests/generated/bytes.hpp"

namespace lab::generated {

History begin(const Program& program, const AtTheEnd& questions) {
  History history;
  history.sessions = program.sessions;
  history.age = program.age;
  for (std::size_t i = 0; i < program.threads.size(); ++i) {
    for (const Operation& operation : program.threads[i]) append(history, static_cast<int>(i), operation);
  }
  const auto ask = [&](Kind kind, int session) {
    Operation question;
    question.kind = kind;
    question.session = static_cast<std::uint8_t>(session);
    append(history, main_thread, question);
  };
  ask(Kind::get_active_count, 0);
  ask(Kind::queue_size, 0);
  if (questions.stats) ask(Kind::get_stats, 0);
  for (int session = 0; session < program.sessions; ++session) {
    if (questions.rows) ask(Kind::read_row, session);
    ask(Kind::get, session);
  }
  return history;
}

int append(History& history, int thread, const Operation& operation) {
  Event& event = history.events[history.size];
  event.operation = operation;
  event.thread = static_cast<std::uint8_t>(thread);
  return history.size++;
}

void call(History& history, int event) { history.events[event].call = static_cast<std::uint16_t>(++history.clock); }

void end(History& history, int event, const Outcome& outcome) {
  Event& ended = history.events[event];
  ended.outcome = outcome;
  ended.returned = true;
  ended.end = static_cast<std::uint16_t>(++history.clock);
}

bool is_whole(const History& history, const History& begun) {
  if (history.size != begun.size || history.clock != 2 * begun.size || history.sessions != begun.sessions ||
      history.age != begun.age)
    return false;
  std::bitset<2 * events_max + 1> times;  // from 1
  for (int i = 0; i < begun.size; ++i) {
    const Event& event = history.events[i];
    const Event& promised = begun.events[i];
    if (!(event.operation == promised.operation) || event.thread != promised.thread || !event.returned) return false;
    if (event.call < 1 || event.end <= event.call || event.end > history.clock) return false;
    if (i > 0 && begun.events[i - 1].thread == event.thread && event.call <= history.events[i - 1].end) return false;
    if (times[event.call] || times[event.end]) return false;
    times.set(event.call).set(event.end);
  }
  return true;
}

std::uint64_t number_of(const History& history) {
  // The operations are the program's, so the outcomes and their order say everything.
  Hash hash;
  for (int i = 0; i < history.size; ++i) {
    const Event& event = history.events[i];
    hash.add(event.call);
    hash.add(event.end);
    hash.add(event.outcome);
  }
  return hash.value();
}

std::string lanes(const History& history) {
  struct Line {
    int at;
    int thread;
    std::string words;
  };
  std::vector<Line> lines;
  for (int i = 0; i < history.size; ++i) {
    const Event& event = history.events[i];
    if (event.call == 0) continue;
    const std::string words = text(event.operation);
    const std::string came_to = event.returned ? " -> " + text(event.outcome, event.operation.kind) : "";
    if (event.returned && event.end == event.call + 1) {
      lines.push_back({event.call, event.thread, words + came_to});
      continue;
    }
    lines.push_back({event.call, event.thread, words + " begins"});
    if (event.returned) lines.push_back({event.end, event.thread, words + came_to});
  }
  std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.at < b.at; });
  std::string all;
  for (const Line& line : lines) {
    const bool at_the_end = line.thread == main_thread;
    all += fmt::format("  {:{}}{}: {}\n", "", at_the_end ? 0 : line.thread * 4,
                       at_the_end ? std::string("at the end") : fmt::format("thread {}", line.thread + 1), line.words);
  }
  return all;
}

}  // namespace lab::generated
