// Explores a program: runs it under the explorer's schedules, and judges the history of each run when it has ended, in
// the process that asked for the run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_set>

#include "tests/generated/history.hpp"
#include "tests/generated/record.hpp"
#include "tools/explorer/explorer.hpp"

namespace lab::generated {

struct Explored {
  explorer::Findings findings;
  // Of the schedule that fails. An operation in which the run ended, or hung, has not returned.
  History history;
  std::uint64_t different = 0;  // histories that the model explains
  std::uint64_t cut_short = 0;  // of them, those that have too many states (Judgement::complete)
};

class Explorations {
public:
  // At most so many states of the model are looked at for one history.
  Explorations(explorer::Options options, AtTheEnd questions, std::size_t states);
  Explorations(const Explorations&) = delete;
  Explorations& operator=(const Explorations&) = delete;

  Explored explore(const Program& program);

  // For an account of it: the run of the schedule found, step by step.
  explorer::Replayed replay(const Program& program, const explorer::Plan& plan);

private:
  std::function<void()> scenario(const Program& program);

  // What is wrong with the history of the run that has ended, in one sentence; empty if nothing is. Each different one
  // that the model explains is searched once, for most schedules give a history that others gave before.
  std::string judge();

  explorer::Options options_;
  const AtTheEnd questions_;
  const std::size_t states_;
  Record record_;
  // Of the program that is explored.
  History start_;
  std::unordered_set<std::uint64_t> explained_;
  std::uint64_t cut_short_ = 0;
};

}  // namespace lab::generated
