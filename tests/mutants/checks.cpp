// Mutants that leave out one term of a condition on what others may change: the look under the lock at what was found
// before it, the version that a write expects, the flag that another thread sets.
#include <fmt/format.h>

#include <regex>

#include "tests/mutants/mutations.hpp"

namespace lab::mutants {
namespace {

// What others may change. A condition that names none of these is on the caller's own arguments or locals.
bool is_on_shared_state(std::string_view term) {
  static const std::regex names(
      R"(live|fetching|is_usable|is_idle|is_stale|last_used|version|stopping_|joinable|inserted|place|\bfound ==|refresh|reload|Written::|tries|_max|queue_size)");
  return std::regex_search(term.begin(), term.end(), names);
}

bool is_bound_of_a_loop(std::string_view term) { return term.find("attempt") != std::string_view::npos; }

class Checks {
public:
  Checks(const Source& source, Collector& to) : source_(source), to_(to) {}

  // Of a condition with several terms each is left out; the others stay.
  void drop_terms(Span condition, bool value_alone) {
    const std::vector<Span> any = source_.split(condition, "||");
    const std::vector<Span> all = source_.split(condition, "&&");
    if (any.size() > 1 && all.size() > 1) source_.refuse(condition.begin, "a condition of both && and ||");
    if (any.size() == 1 && all.size() == 1) return drop(any.front(), value_alone);
    for (const Span term : any.size() > 1 ? any : all) drop(term, any.size() == 1);
  }

private:
  void drop(Span term, bool value) {
    const std::string_view text = source_.text(term);
    if (!is_on_shared_state(text) || is_bound_of_a_loop(text)) return;
    to_.add(source_, "drop-recheck", source_.function(term.begin), term.begin,
            fmt::format("{} is not looked at, and taken for {}", text, value), {{term, value ? "true" : "false"}});
  }

  const Source& source_;
  Collector& to_;
};

// An `if` that leaves is a guard, and without it nothing leaves. One that acts does so without it.
bool value_without(const Source& source, Span body) {
  static const std::regex leaves(R"(\{?\s*(return|continue|break)\b)");
  const std::string text(source.text(body));
  const bool acts = text.starts_with("return act(");
  return acts || !std::regex_search(text, leaves, std::regex_constants::match_continuous);
}

}  // namespace

void mutate_checks(const Source& source, Collector& to) {
  Checks checks(source, to);
  for (const Match& match : source.find(R"(\b(if|while|for)\s*\(|\breturn\b|\bconst bool \w+ =)")) {
    const std::string keyword = match.groups[1];
    if (source.function(match.where.begin).empty()) continue;
    if (keyword.empty()) {
      const Span statement = source.statement(match.where.begin);
      const Span value{match.where.end, statement.end - 1};
      // A conjunction that is returned or kept; not a lambda or a call that has one somewhere inside.
      if (source.split(value, "&&").size() > 1 || source.split(value, "||").size() > 1) checks.drop_terms(value, true);
      continue;
    }
    const std::size_t open = match.where.end - 1;
    const std::size_t close = source.closing(open);
    const std::vector<Span> parts = source.split({open + 1, close}, ";");
    if (keyword == "for") {
      if (parts.size() == 3) checks.drop_terms(parts[1], true);
      continue;
    }
    const Span body = source.statement(close + 1);
    checks.drop_terms(parts.back(), keyword == "while" || value_without(source, body));
  }
}

}  // namespace lab::mutants
