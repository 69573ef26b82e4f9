// The history of the run that is under way, kept where the explorer does not see it: its code is not instrumented, and
// its memory is shared with the process that asked for the exploration, which reads it when the run has ended.
#pragma once

#include "tests/generated/history.hpp"

namespace lab::generated {

class Record {
public:
  Record();
  ~Record();
  Record(const Record&) = delete;
  Record& operator=(const Record&) = delete;

  // Of another run, whose history is this one before it has begun.
  void begin_run(const History& start);

  void call(int event);
  void end(int event, const Outcome& outcome);

  // A copy: the code under test could write to the memory itself.
  History history() const;

private:
  History* const shared_;
};

}  // namespace lab::generated
