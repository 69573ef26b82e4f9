// The claims under the explorer: Catch2's main, with options of the judge's own.
#include <catch2/catch_session.hpp>

#include "tests/explored/judge.hpp"
#include "tests/explored/options.hpp"
#include "tools/exercises/channel.hpp"

namespace lab::test {

ExploredOptions& explored_options() {
  static ExploredOptions options;
  return options;
}

}  // namespace lab::test

int main(int argc, char** argv) {
  using Catch::Clara::Opt;
  lab::test::ExploredOptions& options = lab::test::explored_options();
  if (std::getenv("LAB_THOROUGH") != nullptr) options.seconds = 10;
  lab::test::register_claims(lab::test::explore_claim);

  Catch::Session session;
  session.cli(session.cli() |
              Opt(options.deviations, "n")["--explore-deviations"]("run everything up to so many deviations (2)") |
              Opt(options.preemptions, "n")["--explore-preemptions"](
                  "claims of two threads: everything up to so many preemptions (2); 0: none") |
              Opt(options.seconds, "s")["--explore-seconds"]("go on to higher preemption bounds for so long (0)") |
              Opt(options.samples, "n")["--explore-samples"]("then sample so many schedules (500)") |
              Opt(options.repeat, "n")["--explore-repeat"]("explore so often; all must come to the same (1)") |
              Opt(options.evidence, "file")["--evidence"]("write what was found, as JSON") |
              Opt(options.account_width, "columns")["--explore-account"](
                  "and in it the schedule in lanes, the implementation's own lines only") |
              Opt(options.account_rows, "lines")["--explore-account-rows"](
                  "of it about so many lines, by leaving out steps (0: as many as it takes)") |
              Opt(options.timeline)["--explore-timeline"](
                  "and in it the schedule for a page to step through (docs/reference/timeline.md)") |
              Opt(options.play)["--explore-play"]("and all schedules that there is room for, to play in") |
              Opt(options.replay, "string")["--explore-replay"]("run one schedule again, step by step") |
              Opt(options.width, "columns")["--explore-width"]("the width of the account that is printed (110)") |
              Opt(options.brief)["--explore-brief"]("print a sentence, not the account"));
  const int status = session.applyCommandLine(argc, argv);
  if (status != 0) return status;
  // Who asks for evidence wants to know as well that this process has come so far.
  lab::exercises::evidence_sink().open(options.evidence);
  return session.run();
}
