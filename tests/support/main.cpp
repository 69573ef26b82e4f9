// Catch2's main, and three things more: the claims are tests too; what they come to can be written down; and a run in
// which ThreadSanitizer reported something has failed, whatever its assertions say.
#include <fmt/format.h>

#include <catch2/catch_session.hpp>
#include <cstdio>

#include "tests/support/race_reports.hpp"
#include "tests/support/stress.hpp"
#include "tests/support/told.hpp"

int main(int argc, char** argv) {
  lab::test::register_claims(lab::test::stress);
  Catch::Session session;
  std::string evidence;
  session.cli(session.cli() |
              Catch::Clara::Opt(evidence, "file")["--evidence"]("write what each test comes to, as JSON") |
              Catch::Clara::Opt(lab::test::rounds_max(), "n")["--rounds-max"](
                  "try a claim about threads in at most so many rounds (as many as it asks for)"));
  int status = session.applyCommandLine(argc, argv);
  if (status == 0) {
    lab::test::tell_what_tests_come_to(evidence);
    status = session.run();
  }
  const std::vector<lab::test::RaceReport> reports = lab::test::race_reports();
  for (const lab::test::RaceReport& report : reports) fmt::print("report by ThreadSanitizer: {}\n", report.sentence());
  if (!reports.empty()) fmt::print("FAILED: {} ThreadSanitizer report(s) in this run\n", reports.size());
  std::fflush(stdout);
  return status != 0 ? status : (reports.empty() ? 0 : 1);
}
