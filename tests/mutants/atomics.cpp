// Mutants of atomic members and of the operations on them.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/mutants/mutations.hpp"

namespace lab::mutants {
namespace {

constexpr const char* relaxed_order = "std::memory_order_relaxed";

// ++x, and ++(which ? x : y).
void mutate_increment(const Source& source, Span operand, Span whole, Collector& to) {
  const std::string object(source.text(operand));
  const std::string function = source.function(whole.begin);
  to.add(source, "relaxed", function, whole.begin, fmt::format("++{} is relaxed", object),
         {{whole, fmt::format("{}.fetch_add(1, {})", object, relaxed_order)}});
  to.add(source, "split-atomic", function, whole.begin, fmt::format("++{} is a load and a store", object),
         {{whole, fmt::format("{0} = {0} + 1", object)}});
}

// x += y and x -= y.
void mutate_change(const Source& source, const std::string& object, Span whole, char sign, Collector& to) {
  const std::string function = source.function(whole.begin);
  const Span amount{source.text().find('=', whole.begin) + 1, whole.end - 1};
  const std::vector<Span> summands = source.split(amount, " + ");
  const std::string value(source.text({summands.front().begin, summands.back().end}));
  to.add(
      source, "relaxed", function, whole.begin, fmt::format("{} {}= {} is relaxed", object, sign, value),
      {{whole, fmt::format("{}.{}({}, {});", object, sign == '+' ? "fetch_add" : "fetch_sub", value, relaxed_order)}});
  to.add(source, "split-atomic", function, whole.begin,
         fmt::format("{} {}= {} is a load and a store", object, sign, value),
         {{whole, fmt::format("{0} = {0} {1} ({2});", object, sign, value)}});
  if (summands.size() != 2) return;
  to.add(source, "split-atomic", function, whole.begin, fmt::format("{} {}= {} is two steps", object, sign, value),
         {{whole, fmt::format("{0} {1}= {2}; {0} {1}= {3};", object, sign, source.text(summands[0]),
                              source.text(summands[1]))}});
}

// A local that holds a snapshot, and is used for more than one thing: the last use reads the atomic again.
void mutate_snapshot(const Source& source, const std::string& object, Collector& to) {
  for (const Match& local : source.find(R"(const [\w:]+ (\w+) = )" + object + ";")) {
    const Span scope = source.block(local.where.begin);
    std::vector<Match> uses;
    for (const Match& use : source.find("\\b" + local.groups[1] + "\\b")) {
      if (use.where.begin > local.where.end && scope.contains(use.where.begin)) uses.push_back(use);
    }
    if (uses.size() < 2) continue;
    to.add(source, "split-atomic", source.function(local.where.begin), uses.back().where.begin,
           fmt::format("{} is read a second time in place of {}", object, local.groups[1]),
           {{uses.back().where, object}});
  }
}

void mutate_uses(const Source& source, const std::string& object, const std::vector<Span>& handled, Collector& to) {
  for (const Match& use : source.find(R"((\+\+|--)?\b)" + object + R"(\b(\s*(\+=|-=|\.))?)")) {
    const std::size_t at = use.where.begin;
    if (std::any_of(handled.begin(), handled.end(), [at](Span span) { return span.contains(at); })) continue;
    const std::string function = source.function(at);
    if (function.empty() || use.groups[1] == "--" || use.groups[3] == ".") {
      source.refuse(at, fmt::format("an operation on the atomic {} that is not known here", object));
    }
    const Span name{use.where.begin + use.groups[1].size(), use.where.begin + use.groups[1].size() + object.size()};
    if (use.groups[1] == "++") {
      mutate_increment(source, name, use.where, to);
    } else if (!use.groups[3].empty()) {
      mutate_change(source, object, source.statement(at), use.groups[3][0], to);
    } else {
      to.add(source, "relaxed", function, at, fmt::format("the load of {} is relaxed", object),
             {{name, fmt::format("{}.load({})", object, relaxed_order)}});
    }
  }
  mutate_snapshot(source, object, to);
}

// The edit that makes a member of the header a plain one.
Edit plain(const Match& member) { return {{member.where.begin, member.places[2].begin}, member.groups[1] + " "}; }

}  // namespace

void mutate_atomics(const Source& header, const Source& source, Collector& to) {
  // An increment of whichever of two atomics is one operation on one of them, and is handled whole. It compiles only if
  // both have one type: they become plain together.
  std::vector<Span> handled;
  std::map<std::string, std::string> partner;
  for (const Match& either : source.find(R"(\+\+(\(\w+ \? (\w+) : (\w+)\)))")) {
    mutate_increment(source, either.places[1], either.where, to);
    handled.push_back(either.where);
    partner[either.groups[2]] = either.groups[3];
    partner[either.groups[3]] = either.groups[2];
  }
  const std::vector<Match> members = header.find(R"(std::atomic<([^;{>]+)>\s+(\w+)\{)");
  std::set<std::string> done;
  for (const Match& member : members) {
    const std::string& name = member.groups[2];
    mutate_uses(source, name, handled, to);
    if (!done.insert(name).second) continue;
    std::vector<Edit> edits{plain(member)};
    std::string what = fmt::format("{} is a plain {}", name, member.groups[1]);
    for (const Match& other : members) {
      if (!partner.contains(name) || other.groups[2] != partner[name] || !done.insert(other.groups[2]).second) continue;
      edits.push_back(plain(other));
      what = fmt::format("{} and {} are plain {}", name, other.groups[2], member.groups[1]);
    }
    to.add(header, "atomic-to-plain", name, member.where.begin, what, edits);
  }
}

}  // namespace lab::mutants
