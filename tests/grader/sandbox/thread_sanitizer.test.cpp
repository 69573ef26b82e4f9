#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/grader/sandbox/support.hpp"

using namespace lab::grader;
using namespace lab::grader::test;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a program with ThreadSanitizer reports its race by file and line", "[sandbox]") {
  const Tier tier = each_tier();
  Job job{.words = {RACY}, .environment = {"TSAN_OPTIONS=exitcode=66"}};
  job.bounds.memory_max = std::size_t{512} << 20;
  const Ended ended = sandbox_of(tier).run(job);
  CHECK_FALSE(ended.sandbox_broken);
  CHECK(ended.ran.status == 66);
  CHECK_THAT(ended.ran.output, ContainsSubstring("WARNING: ThreadSanitizer: data race"));
  CHECK_THAT(ended.ran.output, ContainsSubstring("racy.cpp:7"));
  CHECK_THAT(ended.ran.output, ContainsSubstring("done"));
}

TEST_CASE("a program with ThreadSanitizer runs where randomisation can't be turned off", "[sandbox]") {
  const Tier tier = each_tier();
  const Sandbox sandbox = open_sandbox(tier, {.personality = false});
  const Ended ended = sandbox.run({.words = {RACY}, .environment = {"TSAN_OPTIONS=exitcode=66"}});
  // On some kernels it can't, and says so itself; but it is started, and ends.
  CHECK_FALSE(ended.sandbox_broken);
  CHECK(ended.ran.started);
  CHECK(ended.ran.signal == 0);
}
