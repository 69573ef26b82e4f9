#include "tools/process/process.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
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

TEST_CASE("a secluded program sees no environment but the one it is given", "[process]") {
  Command command{.words = {"env"}, .environment = {"ONLY=this"}, .secluded = true};
  CHECK(run(command).output == "ONLY=this\n");
}

TEST_CASE("a secluded program has a session of its own, and is told by its number", "[process]") {
  pid_t told = 0;
  Command command{
      .words = {"sh", "-c", "read -r number name state parent group session rest < /proc/$$/stat; echo $session"},
      .secluded = true};
  command.environment = {"PATH=/usr/bin:/bin"};
  command.on_start = [&](pid_t child) { told = child; };
  const std::string session = run(command).output;
  CHECK(session == std::to_string(told) + "\n");
}

TEST_CASE("a secluded program that hangs is killed with what it started", "[process]") {
  Command command{.words = {"/bin/sh", "-c", "sleep 600 & wait"}, .limit = 300ms, .secluded = true};
  CHECK(run(command).over_time);
}

TEST_CASE("a secluded program has no descriptor but the passed ones, in their order", "[process]") {
  const int inherited = ::open("/dev/null", O_RDONLY);
  std::array<int, 2> files{};
  for (int& file : files) file = ::memfd_create("passed", 0);
  REQUIRE(::write(files[0], "first", 5) == 5);
  REQUIRE(::write(files[1], "second", 6) == 6);
  // Swapped, and with numbers that are among those they are to get.
  Command command{.words = {"/bin/sh", "-c", "cat /proc/self/fd/3 /proc/self/fd/5; ls /proc/self/fd | tr '\\n' ' '"},
                  .passed = {files[1], -1, files[0]},
                  .secluded = true};
  // What `ls` opens itself is the lowest number that is free.
  CHECK(run(command).output == "secondfirst0 1 2 3 4 5 ");
  ::close(inherited);
  for (const int file : files) ::close(file);
}

TEST_CASE("a program that is not secluded has the passed descriptors too", "[process]") {
  const int file = ::memfd_create("passed", MFD_CLOEXEC);
  Command command = shell("echo written >&3");
  command.passed = {file};
  REQUIRE(run(command).ok());
  std::array<char, 16> text{};
  CHECK(::pread(file, text.data(), text.size(), 0) == 8);
  ::close(file);
}
