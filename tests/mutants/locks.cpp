// Mutants that take a lock never, for too short a time, or in the wrong mode.
#include "tests/mutants/locks.hpp"

#include <fmt/format.h>

#include <regex>
#include <string_view>

#include "tests/mutants/mutations.hpp"

namespace lab::mutants {
namespace {

std::string called(const LockStatement& lock) { return fmt::format("{}({})", lock.type, lock.arguments); }

// A statement in a sentence: on one line, and not all of a long one.
std::string shortened(std::string_view statement) {
  constexpr std::size_t length_max = 60;
  const std::string line = std::regex_replace(std::string(statement), std::regex(R"(\s+)"), " ");
  return line.size() <= length_max ? line : line.substr(0, length_max) + "...";
}

// Ends the lock after the first statement under it, or begins it there. Neither where that is the only one: to end
// the lock then changes nothing, and to begin it then is to take none.
void shrink(const Source& source, const LockStatement& lock, Collector& to) {
  const std::string function = source.function(lock.where.begin);
  const Span first = source.statement(lock.where.end);
  if (first.begin == first.end) {
    source.refuse(lock.where.begin, "a lock with nothing under it");
  }
  const Span second = source.statement(first.end);
  if (second.begin == second.end) return;
  const std::string after = shortened(source.text(first));
  to.add(
      source, "shrink-lock", function, lock.where.begin, fmt::format("{} ends after `{}`", called(lock), after),
      {{lock.where, fmt::format("std::optional<{}> {}(std::in_place, {});", lock.type, lock.variable, lock.arguments)},
       {{first.end, first.end}, fmt::format(" {}.reset();", lock.variable)}});
  to.add(source, "shrink-lock", function, lock.where.begin, fmt::format("{} begins after `{}`", called(lock), after),
         {{lock.where, ""}, {{first.end, first.end}, " " + std::string(source.text(lock.where))}});
}

// x.lock() without a guard. Where x.unlock() follows it in the text, both go: to unlock what is not locked would be
// another mistake than this one.
void remove_bare_locks(const Source& source, Collector& to) {
  for (const Match& lock : source.find(R"((\w+)\.lock\(\);)")) {
    if (!source.begins_statement(lock.where.begin)) continue;
    std::vector<Edit> edits{{lock.where, ";"}};
    for (const Match& unlock : source.find("\\b" + lock.groups[1] + R"(\.unlock\(\);)")) {
      if (unlock.where.begin > lock.where.end) edits.push_back({unlock.where, ";"});
    }
    to.add(source, "remove-lock", source.function(lock.where.begin), lock.where.begin,
           fmt::format("{}.lock() is left out{}", lock.groups[1], edits.size() > 1 ? " with its unlock()" : ""), edits);
  }
}

}  // namespace

std::vector<LockStatement> lock_statements(const Source& source) {
  std::vector<LockStatement> locks;
  for (const Match& match : source.find(R"(\b(MutexLock|ReaderLock|WriterLock|PairLock)\s+(\w+)(\(|\{))")) {
    if (!source.begins_statement(match.where.begin)) source.refuse(match.where.begin, "a lock that is no statement");
    const std::size_t open = match.where.end - 1;
    const std::size_t close = source.closing(open);
    if (match.groups[3] == "{") source.refuse(match.where.begin, "a lock with braces");
    const Span where = source.statement(match.where.begin);
    if (where.end != close + 2) source.refuse(match.where.begin, "more than a lock in one statement");
    locks.push_back({where, match.groups[1], match.groups[2], std::string(source.text({open + 1, close}))});
  }
  return locks;
}

void mutate_locks(const Source& source, Collector& to) {
  for (const LockStatement& lock : lock_statements(source)) {
    const std::string function = source.function(lock.where.begin);
    to.add(source, "remove-lock", function, lock.where.begin, fmt::format("{} is not taken", called(lock)),
           {{lock.where, ""}});
    shrink(source, lock, to);
    if (lock.type != "WriterLock") continue;
    to.add(source, "shared-for-exclusive", function, lock.where.begin,
           fmt::format("ReaderLock({}) where a WriterLock is needed", lock.arguments),
           {{lock.where, fmt::format("ReaderLock {}({});", lock.variable, lock.arguments)}});
  }
  remove_bare_locks(source, to);
}

}  // namespace lab::mutants
