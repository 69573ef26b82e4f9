// Explores a program: runs it under the explorer's schedules, and judges the history of each run.
#pragma once

#include "tests/generated/history.hpp"
#include "tests/generated/record.hpp"
#include "tools/explorer/explorer.hpp"

namespace lab::generated {

struct Explored {
  explorer::Findings findings;
  // Of the schedule that fails. An operation in which the run ended, or hung, has not returned.
  History history;
  std::string sentence;         // what is wrong, in one
  std::uint64_t different = 0;  // histories
  std::uint64_t cut_short = 0;  // of them
};

class Explorations {
public:
  Explorations(explorer::Options options, AtTheEnd questions) : options_(options), questions_(questions) {}

  Explored explore(const Program& program);

  // For an account of it: the run of the schedule found, step by step.
  explorer::Replayed replay(const Program& program, const explorer::Plan& plan);

private:
  std::function<void()> scenario(const Program& program);

  const explorer::Options options_;
  const AtTheEnd questions_;
  Record record_;
};

}  // namespace lab::generated
