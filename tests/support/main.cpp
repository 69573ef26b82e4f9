// Catch2's main, and two things more: the claims are tests too; and a run in which ThreadSanitizer reported something
// has failed, whatever its assertions say.
#include <fmt/format.h>

#include <catch2/catch_session.hpp>
#include <cstdio>

#include "tests/support/race_reports.hpp"
#include "tests/support/stress.hpp"

int main(int argc, char** argv) {
  lab::test::register_claims(lab::test::stress);
  const int status = Catch::Session().run(argc, argv);
  const std::vector<std::string> reports = lab::test::race_reports();
  for (const std::string& report : reports) fmt::print("report by ThreadSanitizer: {}\n", report);
  if (!reports.empty()) fmt::print("FAILED: {} ThreadSanitizer report(s) in this run\n", reports.size());
  std::fflush(stdout);
  return status != 0 ? status : (reports.empty() ? 0 : 1);
}
