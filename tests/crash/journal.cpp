#include "tests/crash/journal.hpp"

#include <fmt/format.h>

#include <sstream>

namespace lab::test {
namespace {

constexpr std::string_view none = "-";

std::string or_none(const std::string& word) { return word.empty() ? std::string(none) : word; }

}  // namespace

std::string Entry::line() const {
  return fmt::format("{} {} {} {} {} .\n", thread, acknowledged ? "end" : "begin", operation, or_none(id),
                     or_none(other));
}

std::optional<Entry> Entry::parse(const std::string& line) {
  Entry entry;
  std::string phase;
  std::string stop;
  std::istringstream words(line);
  if (!(words >> entry.thread >> phase >> entry.operation >> entry.id >> entry.other >> stop) || stop != ".") {
    return std::nullopt;
  }
  entry.acknowledged = phase == "end";
  if (entry.id == none) entry.id.clear();
  if (entry.other == none) entry.other.clear();
  return entry;
}

void apply(Model& model, const Entry& entry) {
  if (entry.operation == "create") {
    model[entry.id] = Expected();
  } else if (entry.operation == "update") {
    model[entry.id]->metadata[entry.other] = "x";
    ++model[entry.id]->access_count;
  } else if (entry.operation == "increment") {
    ++model[entry.id]->access_count;
  } else if (entry.operation == "revoke") {
    model[entry.id]->is_authenticated = false;
  } else if (entry.operation == "delete") {
    model[entry.id].reset();
  } else if (entry.operation == "merge") {
    Expected& into = *model[entry.other];
    into.metadata.insert(model[entry.id]->metadata.begin(), model[entry.id]->metadata.end());
    into.access_count += model[entry.id]->access_count;
    model[entry.id].reset();
  }  // a sweep and a pass change no session of a thread's own
}

std::map<int, Allowed> allowed_by(const std::string& journal) {
  std::map<int, Allowed> threads;
  std::map<int, Entry> begun;
  std::istringstream lines(journal);
  for (std::string line; std::getline(lines, line);) {
    const auto entry = Entry::parse(line);
    if (!entry) continue;
    if (entry->acknowledged) {
      apply(threads[entry->thread].before, *entry);
      begun.erase(entry->thread);
    } else {
      (void)threads[entry->thread];
      begun[entry->thread] = *entry;
    }
  }
  for (const auto& [thread, entry] : begun) {
    Allowed& allowed = threads[thread];
    allowed.in_flight = entry.operation;
    if (entry.operation == "create") continue;  // its id is not known; the test counts what it does not know
    allowed.after = allowed.before;
    apply(*allowed.after, entry);
  }
  return threads;
}

}  // namespace lab::test
