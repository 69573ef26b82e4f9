// Whether what a run did can be told as a sequence of the one-thread model's steps, each between the call and the
// return of its operation.
//
// The search of Wing and Gong ("Testing and verifying concurrent objects", 1993) with the memory of Lowe ("Testing for
// linearizability", 2017). Different from both, an operation may be of several steps, and a step may go on in several
// ways: what is remembered is the whole state of the model, the progress of each operation included.
#pragma once

#include <string>

#include "tests/generated/history.hpp"

namespace lab::generated {

struct Judgement {
  bool explained = true;
  // If not: what the model says of the operation at which the longest explanation ends, in one sentence.
  std::string sentence;
  std::size_t states = 0;  // of the model, that were looked at
};

// Every event of the history must have returned.
Judgement judge(const History& history);

}  // namespace lab::generated
