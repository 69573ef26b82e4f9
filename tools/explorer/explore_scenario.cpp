#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "tools/explorer/findings.hpp"

namespace lab::explorer {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

bool leaves_something(const Log& log) { return log.live_blocks != 0 || log.verdict == Verdict::nondeterministic; }

// Many runs in one process, which is a child: the code under test may wreck it. False if its word cannot be taken.
bool search_in_one_process(const std::function<void()>& scenario, const Options& options, Search& result) {
  result.judged = false;
  const pid_t child = ::fork();
  if (child < 0) refuse("fork");
  if (child == 0) {
    const auto target = in_process(scenario);
    search(*target, options, result, leaves_something);
    ::_exit(0);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 && result.judged && result.live_blocks == 0 &&
         !result.not_repeatable;
}

void search_scenario(const std::function<void()>& scenario, Target& apart, const Options& options, Search& result) {
  if (options.isolation != Options::Isolation::process) {
    // A scenario may only be run many times in one process if it frees what it allocates; one that is run apart shows
    // it.
    Options once = options;
    once.runs = 1;
    search(apart, once, result);
    const bool clean = !result.found && result.live_blocks == 0 && result.unjudged == 0;
    if (clean || options.isolation == Options::Isolation::none) {
      if (search_in_one_process(scenario, options, result) && (!result.found || fails_again(apart, options, result)))
        return;
    }
  }
  search_and_confirm(apart, options, result);
}

}  // namespace

Findings explore(const std::function<void()>& scenario, const Options& options) {
  const auto start = Clock::now();
  const auto result = make_result();
  const auto apart = isolated(scenario);
  search_scenario(scenario, *apart, options, *result);
  apart->end();
  return findings_of(*result, seconds_since(start));
}

Replayed replay(const std::function<void()>& scenario, const Plan& plan) { return replay(*isolated(scenario), plan); }

}  // namespace lab::explorer
