// What is explored, seen from the search: something that runs under a plan and leaves a log.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "tools/explorer/explorer.hpp"

namespace lab::explorer {

// Memory for a plan and a log that a child process shares, of this file or (-1) of none. Throws std::system_error.
std::shared_ptr<Exchange> map_exchange(int file);

// Throws std::system_error with errno and the name of the call.
[[noreturn]] void refuse(const char* what);

// The verdict of a run whose process did not end as the runtime ends one.
void judge_end(Log& log, int wait_status);

// Of a run that passed, what it could not know itself: a whole program's exit status, and what Options::judge says.
void judge_passed(Outcome& outcome, int exit_status, const Options& options);

class Target {
public:
  virtual ~Target() = default;
  // Runs exchange().plan, fills exchange().log. A run that ended its process in an unforeseen way has a verdict too.
  virtual void run() = 0;
  // The same in a process in which nothing has run yet.
  virtual void run_fresh() { run(); }
  // Ends what makes the runs; there is no run after it. Throws RunsEnded if the code under test had ended it: then a
  // run that has a verdict has none that counts.
  virtual void end() {}
  virtual Exchange& exchange() = 0;
  virtual std::string output() { return {}; }  // of the last run
  virtual int exit_status() { return 0; }      // of the last run
};

std::unique_ptr<Target> isolated(const std::function<void()>& scenario);
std::unique_ptr<Target> in_process(const std::function<void()>& scenario);
std::unique_ptr<Target> whole(const Program& program);

}  // namespace lab::explorer
