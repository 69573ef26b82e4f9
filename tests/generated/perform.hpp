// Carries operations out on a session manager. Compiled so that the explorer sees it.
#pragma once

#include <array>
#include <memory>

#include "common/interface.hpp"
#include "common/memory_database.hpp"
#include "tests/generated/operation.hpp"

namespace lab::generated {

// What a program runs on: a manager over a database in memory and a clock that stands still, and the program's
// sessions. The claims' World with less around it: each call of a hook would be a step for the explorer.
class Stage {
public:
  explicit Stage(const Program& program);

  // Any number of threads at once, but no two with the same create.
  Outcome perform(const Operation& operation);

private:
  Outcome create(const Operation& operation);
  Outcome write_elsewhere(const Operation& operation);
  Data seen(const SessionData& data) const;

  const std::shared_ptr<MemoryDatabase> rows_ = std::make_shared<MemoryDatabase>();
  const std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  const WallTime beginning_ = clock_->now().wall;
  const std::unique_ptr<SessionManager> manager_ = make_session_manager({rows_, clock_, Settings()}).value();
  std::array<SessionId, slots_max> ids_;
};

}  // namespace lab::generated
