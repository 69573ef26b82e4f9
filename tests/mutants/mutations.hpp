// Mutants of `fixed`: each is its source with one thing done that a hurried colleague might do. They are made from the
// source as it is, never stored.
//
//   remove-lock          a lock is not taken
//   shrink-lock          a lock ends after the first statement under it, or begins after it
//   swap-lock-order      two locks in the other order, or in the order of the arguments
//   shared-for-exclusive a reader's lock where a writer's is needed
//   atomic-to-plain      an atomic member is a plain one
//   relaxed              one operation on an atomic is relaxed
//   split-atomic         one atomic operation is two
//   notify-one           one waiter is woken in place of all
//   drop-notify          nobody is woken
//   drop-recheck         one term of a condition on what others may change is left out
//   reference-from-lock  what was copied or owned under a lock is used by reference after it
#pragma once

#include <string>
#include <vector>

#include "tests/mutants/source.hpp"

namespace lab::mutants {

struct Mutant {
  std::string id;  // kind/place/number: remove-lock/end/1. The number counts the mutants of one kind in one place.
  std::string kind;
  std::string file;  // as Source has it
  int line = 0;
  std::string what;  // one sentence
  std::string text;  // of the whole file
};

// A file of the outline that `fixed` has: every kind above yields what it finds, in the order of the text. Throws
// UnknownShape where a kind meets code that it ought to know and does not.
std::vector<Mutant> mutants_of(const Source& header, const Source& source);

// What mutants_of is made of, for files of any outline.
class Collector {
public:
  explicit Collector(std::vector<Mutant>& mutants) : mutants_(mutants) {}

  // `place` names the function or member, and is the middle of the id.
  void add(const Source& source, const std::string& kind, const std::string& place, std::size_t at,
           const std::string& what, std::vector<Edit> edits);

private:
  std::vector<Mutant>& mutants_;
};

void mutate_locks(const Source& source, Collector& to);
void mutate_lock_order(const Source& source, Collector& to);
void mutate_atomics(const Source& header, const Source& source, Collector& to);
void mutate_notifications(const Source& source, Collector& to);
void mutate_checks(const Source& source, Collector& to);
void mutate_references(const Source& source, Collector& to);

}  // namespace lab::mutants
