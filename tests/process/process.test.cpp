#include "tools/process/process.hpp"

#include <catch2/catch_test_macros.hpp>
#include <csignal>

using namespace lab::process;
using namespace std::chrono_literals;

namespace {

Command shell(const std::string& script) { return {.words = {"sh", "-c", script}, .limit = 60s}; }

}  // namespace

TEST_CASE("a program's status and both its streams are told", "[process]") {
  Command command = shell("echo out; echo err >&2; pwd; exit 7");
  command.folder = "/";
  const Ran ran = run(command);
  CHECK(ran.started);
  CHECK(ran.status == 7);
  CHECK(ran.signal == 0);
  CHECK(ran.output == "out\nerr\n/\n");
  CHECK_FALSE(ran.ok());
  CHECK(run({{"true"}}).ok());
}

TEST_CASE("a program that is killed says by what", "[process]") {
  const Ran ran = run(shell("kill -SEGV $$"));
  CHECK(ran.status == 128 + SIGSEGV);
  CHECK(ran.signal == SIGSEGV);
  CHECK_FALSE(ran.over_time);
}

TEST_CASE("a program that is not there is told by status 127", "[process]") {
  const Ran ran = run({{"/nowhere"}});
  CHECK_FALSE(ran.started);
  CHECK(ran.status == 127);
}

TEST_CASE("a program sees the environment with what is added, each name once", "[process]") {
  Command command = shell("echo $WORD; env | grep -c '^HOME='");
  command.environment = {"WORD=a=b", "HOME=/"};
  CHECK(run(command).output == "a=b\n1\n");
}

TEST_CASE("a program that hangs is killed at the limit, with what it started", "[process]") {
  Command command = shell("echo begun; sleep 600 & wait");
  command.limit = 300ms;
  const Ran ran = run(command);
  CHECK(ran.over_time);
  CHECK(ran.signal == 0);
  CHECK(ran.output == "begun\n");
}

TEST_CASE("a program that closes its output and hangs is killed at the limit", "[process]") {
  Command command = shell("exec >&- 2>&-; exec sleep 600");
  command.limit = 300ms;
  CHECK(run(command).over_time);
}

TEST_CASE("a program that is no longer wanted is killed", "[process]") {
  int asked = 0;
  Command command = shell("sleep 600");
  command.unwanted = [&] { return ++asked == 3; };
  const Ran ran = run(command);
  CHECK(ran.cancelled);
  CHECK_FALSE(ran.over_time);
  CHECK(asked == 3);
}

TEST_CASE("what a program leaves running ends with it", "[process]") {
  const Ran ran = run(shell("sleep 600 >/dev/null 2>&1 & echo $!"));
  REQUIRE(ran.ok());
  const pid_t left = std::stoi(ran.output);
  // It is init's to wait for, which may take a moment.
  const auto begun = std::chrono::steady_clock::now();
  while (::kill(left, 0) == 0 && std::chrono::steady_clock::now() - begun < 30s) continue;
  CHECK(::kill(left, 0) != 0);
}

TEST_CASE("of a flood only so much is kept, and it is read to its end", "[process]") {
  Command command = shell("head -c 50000000 /dev/zero; exit 3");
  command.output_max = 1000;
  const Ran ran = run(command);
  CHECK(ran.output_cut);
  CHECK(ran.output.size() == 1000);
  CHECK(ran.status == 3);
}

TEST_CASE("lines arrive one by one, the last without an end too", "[process]") {
  std::vector<std::string> lines;
  const Ran ran = run(shell("printf 'one\\n\\nlast'"), [&](const std::string& line) { lines.push_back(line); });
  CHECK(lines == std::vector<std::string>{"one", "", "last"});
  CHECK(ran.output.empty());
}
