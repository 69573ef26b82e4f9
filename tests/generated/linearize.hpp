// Whether what a run did can be told as a sequence of the one-thread model's steps, each between the call and the
// return of its operation.
//
// The search of Wing and Gong ("Testing and verifying concurrent objects", 1993) with the memory of Lowe ("Testing for
// linearizability", 2017). Different from both, an operation may be of several steps, and a step may go on in several
// ways: what is remembered is the whole state of the model, the progress of each operation included.
#pragma once

#include <cstddef>
#include <string>

#include "tests/generated/history.hpp"

namespace lab::generated {

struct Judgement {
  bool explained = true;
  // If not: what the model says of the operation at which the longest explanation ends, in one sentence.
  std::string sentence;
  std::size_t states = 0;  // of the model, that were looked at
  // False: there are more states than may be looked at. None of those explains the history, and it is taken for
  // explained all the same: nobody is told to be wrong whom the rest could show to be right.
  bool complete = true;
};

// Most histories have some dozens of states, and few have 300; of one, in which much overlaps that may go on in several
// ways, 20,000 were seen. So many as here take less than a tenth of a second.
inline constexpr std::size_t states_max = std::size_t{1} << 16;

// Every event of the history must have returned.
Judgement judge(const History& history, std::size_t states = states_max);

}  // namespace lab::generated
