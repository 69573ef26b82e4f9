// Mutants that take two locks in another order.
#include <fmt/format.h>

#include "tests/mutants/locks.hpp"
#include "tests/mutants/mutations.hpp"

namespace lab::mutants {
namespace {

// Two members that are chosen by which id is lower: lower_(a < b ? x : y), upper_(a < b ? y : x).
void mutate_choice(const Source& source, Collector& to) {
  const std::string choice = R"((\w+)\((\w+) < (\w+) \? ([\w.]+) : ([\w.]+)\))";
  const std::vector<Match> choices = source.find(choice);
  if (choices.empty()) return;
  if (choices.size() != 2 || choices[0].groups[4] != choices[1].groups[5] ||
      choices[0].groups[5] != choices[1].groups[4]) {
    source.refuse(choices[0].where.begin, "one lock of two chosen by their ids, and not the other by the same rule");
  }
  const Match& lower = choices[0];
  const Match& upper = choices[1];
  const auto is = [](const Match& member, const std::string& value) {
    return Edit{member.where, fmt::format("{}({})", member.groups[1], value)};
  };
  const std::string first = lower.groups[4];
  const std::string second = lower.groups[5];
  const std::string higher = fmt::format("{} < {}", lower.groups[3], lower.groups[2]);
  const std::string place = source.function(lower.where.begin);
  const auto add = [&](const std::string& what, const std::vector<Edit>& edits) {
    to.add(source, "swap-lock-order", place, lower.where.begin, what, edits);
  };
  add("the first argument's lock is taken first", {is(lower, first), is(upper, second)});
  add("the second argument's lock is taken first", {is(lower, second), is(upper, first)});
  add("the higher id's lock is taken first", {is(lower, fmt::format("{} ? {} : {}", higher, first, second)),
                                              is(upper, fmt::format("{} ? {} : {}", higher, second, first))});
}

}  // namespace

void mutate_lock_order(const Source& source, Collector& to) {
  mutate_choice(source, to);
  const std::vector<LockStatement> locks = lock_statements(source);
  for (std::size_t outer = 0; outer < locks.size(); ++outer) {
    const LockStatement& a = locks[outer];
    for (std::size_t inner = outer + 1; inner < locks.size(); ++inner) {
      const LockStatement& b = locks[inner];
      if (!source.block(a.where.begin).contains(b.where.begin)) break;
      to.add(source, "swap-lock-order", source.function(a.where.begin), a.where.begin,
             fmt::format("{}({}) and {}({}) change places", a.type, a.arguments, b.type, b.arguments),
             {{a.where, fmt::format("{} {}({});", b.type, a.variable, b.arguments)},
              {b.where, fmt::format("{} {}({});", a.type, b.variable, a.arguments)}});
    }
  }
}

}  // namespace lab::mutants
