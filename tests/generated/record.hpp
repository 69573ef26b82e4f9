// The history of the run that is under way, kept where the explorer does not see it: its code is not instrumented, and
// its memory is shared with the process that asked for the exploration, which reads it when the run has ended.
#pragma once

#include <string>

#include "tests/generated/history.hpp"

namespace lab::generated {

class Record {
public:
  Record();
  ~Record();
  Record(const Record&) = delete;
  Record& operator=(const Record&) = delete;

  // Of another program: forgets which histories have been judged.
  void begin_program(const History& start);
  // Of another run of the same program.
  void begin_run();

  void call(int event);
  void end(int event, const Outcome& outcome);

  // Whether the one-thread model explains the history. Each different one is judged once, for most schedules give a
  // history that others gave before.
  bool explained();

  const History& history() const;
  std::string sentence() const;     // of the last history that was not explained
  std::uint64_t different() const;  // histories of this program
  std::uint64_t cut_short() const;  // of them, those of which not all states were looked at (Judgement::complete)

private:
  struct Shared;
  Shared* const shared_;
};

}  // namespace lab::generated
