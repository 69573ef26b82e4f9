// Trials, with programs that end in every way: what is told of each.
#include "tools/exercises/trials.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>

#include "tests/support/folder.hpp"

using namespace lab::exercises;
using Catch::Matchers::ContainsSubstring;
using namespace std::chrono_literals;

namespace {

const std::string begins = R"(printf '{ "schema": 1, "evidence": [] }' > "$file"
)";

std::string tells(const std::string& verdict) {
  return R"(printf '{ "schema": 1, "evidence": [ { "test": "a claim", "verdict": ")" + verdict +
         R"(", "summary": "so it is told", "races": [] } ] }' > "$file"
)";
}

// A program of the suite, as a script that knows its evidence's $file.
class Scripted {
public:
  explicit Scripted(const std::string& script) {
    std::ofstream(program_) << "#!/bin/sh\nwhile [ $# -gt 1 ]; do [ \"$1\" = --evidence ] && file=$2; shift; done\n"
                            << script;
    std::filesystem::permissions(program_, std::filesystem::perms::owner_all);
  }

  Finding found(Effort effort = {}) const { return Trials({program_, program_, ""}, effort).explored("a claim"); }

private:
  const lab::test::Folder folder_;
  const std::string program_ = (folder_.path() / "program").string();
};

Effort brief(std::chrono::milliseconds limit) {
  Effort effort;
  effort.claim_limit = limit;
  return effort;
}

}  // namespace

TEST_CASE("what a program has written down is what it found, whatever its status") {
  for (const char* status : {"0", "1", "42"}) {
    const Finding finding = Scripted(begins + tells("assertion") + "exit " + status).found();
    CHECK(finding.claim == "a claim");
    CHECK(finding.verdict == "assertion");
    CHECK(finding.summary == "so it is told");
  }
}

TEST_CASE("who ends the process before any test begins has crashed") {
  // Also with the statuses by which Catch2 says that there was nothing to run: it has not come to that.
  for (const std::string status : {"0", "2", "4"}) {
    const Finding finding = Scripted("exit " + status).found();
    CHECK(finding.verdict == "crash");
    CHECK(finding.summary == "the code ended the whole process before any test began, with status " + status);
  }
}

TEST_CASE("a test that failed without evidence is no verdict on the code") {
  const Finding finding = Scripted(begins + "echo no symbols; exit 1").found();
  CHECK(finding.verdict == "could_not_judge");
  CHECK_THAT(finding.summary, ContainsSubstring("no symbols"));
}

TEST_CASE("a program that is not there, or runs no test, is no verdict on the code") {
  CHECK(Trials({"/nowhere", "", ""}, {}).explored("a claim").verdict == "could_not_judge");
  CHECK(Scripted(begins + "exit 2").found().verdict == "could_not_judge");
  CHECK(Scripted(begins + "printf nonsense > \"$file\"").found().verdict == "could_not_judge");
}

TEST_CASE("a program that is killed says by what, also in the middle of a test") {
  for (const std::string& told : {std::string(), begins, begins + tells("crash")}) {
    const Finding finding = Scripted(told + "kill -SEGV $$").found();
    CHECK(finding.verdict == "crash");
    CHECK(finding.summary == "it was killed by Segmentation fault");
  }
}

TEST_CASE("what fails and floods who reads it is told to do both") {
  Effort effort;
  effort.output_max = 2048;
  const std::string floods = "printf '%4000s\\n' word; ";
  CHECK(Scripted(begins + tells("livelock") + floods + "exit 1").found(effort).summary ==
        "so it is told; it printed more than 2 KiB");
  CHECK(Scripted(begins + tells("passed") + floods).found(effort).summary == "so it is told");
}

TEST_CASE("a program that does not end is busy or stands still") {
  CHECK(Scripted("while :; do :; done").found(brief(1s)).verdict == "livelock");
  CHECK(Scripted("sleep 600").found(brief(1s)).verdict == "deadlock");
}

TEST_CASE("the suite's own words say where threads were given up") {
  const Finding finding = Scripted(begins + tells("crash") + "echo 'stuck: two merges'; exit 1").found();
  CHECK(finding.verdict == "deadlock");
  CHECK(finding.summary == "stuck: two merges");
  CHECK(Scripted(begins + tells("passed") + "echo 'unstuck: two merges'").found().verdict == "passed");
}

TEST_CASE("who is no longer wanted is not judged") {
  Effort effort;
  effort.unwanted = [] { return true; };
  const Finding finding = Scripted(begins + tells("passed") + "sleep 600").found(effort);
  CHECK(finding.verdict == "could_not_judge");
  CHECK(finding.summary == "it was cancelled");
}

TEST_CASE("of many tests in one process each has its finding") {
  const lab::test::Folder folder;
  const std::string program = (folder.path() / "program").string();
  std::ofstream(program) << "#!/bin/sh\nfor last; do :; done\n"
                         << R"(printf '{ "schema": 1, "evidence": [
  { "test": "one", "verdict": "passed", "summary": "", "races": [], "judge": "stress", "tags": "[C1]" },
  { "test": "two", "verdict": "crash", "summary": "the process was ended", "races": [], "judge": "stress" } ] }' > "$last")"
                         << "\nkill -ABRT $$\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const auto findings = Trials({"", program, ""}, {}).all_of("[one-thread]");
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].claim == "one");
  CHECK(findings[0].tags == "[C1]");
  CHECK(findings[1].claim == "two");
  CHECK(findings[1].summary == "it was killed by Aborted");
}
