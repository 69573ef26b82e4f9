// What a job gets, and what is told of its end.
#include "tools/grader/sandbox/sandbox.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <csignal>
#include <thread>

#include "tests/grader/sandbox/support.hpp"

using namespace lab::grader;
using namespace lab::grader::test;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

TEST_CASE("a sandbox knows its tier", "[sandbox]") {
  const Tier tier = each_tier();
  CHECK(sandbox_of(tier).tier() == tier);
}

TEST_CASE("the second tier says what it lacks, and without Landlock more", "[sandbox]") {
  const std::size_t with = sandbox_of(Tier::own_user).lacks().size();
  const auto without = open_sandbox(Tier::own_user, {.landlock = false}).lacks();
  CHECK(with >= 4);
  CHECK(std::find(without.begin(), without.end(),
                  "A job reads, and writes, what every user of the machine may: the kernel has no Landlock.") !=
        without.end());
}

TEST_CASE("without both tiers there is no sandbox, and a sentence says what to do", "[sandbox]") {
  const auto opened = Sandbox::open({.confine = CONFINE, .namespaces = false, .own_user = false});
  REQUIRE_FALSE(opened);
  CHECK_THAT(opened.error(), StartsWith("there is no sandbox for students' code: namespaces are switched off"));
  CHECK_THAT(opened.error(), EndsWith("or run the grader as root"));
}

TEST_CASE("without its helper there is no sandbox", "[sandbox]") {
  const auto opened = Sandbox::open({.confine = "/nowhere/confine"});
  REQUIRE_FALSE(opened);
  CHECK(opened.error() == "the sandbox has no /nowhere/confine: build the target `confine`");
}

TEST_CASE("an account that is somebody's is refused", "[sandbox]") {
  if (::geteuid() != 0) SKIP("only root gives accounts");
  const auto opened = Sandbox::open({.confine = CONFINE, .first_account = 0, .accounts = 1});
  REQUIRE_FALSE(opened);
  CHECK(opened.error() == "the sandbox wants user 0 for itself, but that is root's: choose another range of accounts");
}

TEST_CASE("a job's status is told", "[sandbox]") {
  const Ended ended = each_sandbox().run(probe({"exit", "7"}));
  CHECK(ended.ran.started);
  CHECK(ended.ran.status == 7);
  CHECK(ended.ran.signal == 0);
  CHECK_FALSE(ended.sandbox_broken);
  CHECK(ended.why.empty());
  CHECK(ended.ran.output.empty());
}

TEST_CASE("a status that a shell or this sandbox would use itself is the job's all the same", "[sandbox]") {
  const Sandbox& sandbox = each_sandbox();
  for (const char* const status : {"126", "127", "137"}) {
    const Ended ended = sandbox.run(probe({"exit", status}));
    CHECK(ended.ran.started);
    CHECK(std::to_string(ended.ran.status) == status);
    CHECK(ended.ran.signal == 0);
  }
}

TEST_CASE("the signal that ended a job is told", "[sandbox]") {
  const Sandbox& sandbox = each_sandbox();
  for (const int signal : {SIGSEGV, SIGABRT, SIGKILL, SIGTERM}) {
    const Ended ended = sandbox.run(probe({"raise", std::to_string(signal)}));
    CHECK(ended.ran.signal == signal);
    CHECK(ended.ran.status == 128 + signal);
    CHECK_FALSE(ended.sandbox_broken);
  }
}

TEST_CASE("a program that is not there is a broken sandbox, with its name", "[sandbox]") {
  const Ended ended = each_sandbox().run({.words = {"/nowhere/program"}});
  CHECK(ended.sandbox_broken);
  CHECK_FALSE(ended.ran.started);
  CHECK(ended.why == "/nowhere/program, which the job needs, is not there");
}

TEST_CASE("a folder that is not there is a broken sandbox, with its name", "[sandbox]") {
  const Sandbox& sandbox = each_sandbox();
  Job reads = probe({"exit", "0"});
  reads.shown = {"/nowhere/shown"};
  Job writes = probe({"exit", "0"});
  writes.writable = "/nowhere/written";
  for (const Job& job : {reads, writes}) CHECK(sandbox.run(job).sandbox_broken);
  CHECK(sandbox.run(reads).why == "/nowhere/shown, which the job needs, is not there");
  CHECK(sandbox.run(writes).why == "/nowhere/written, which the job needs, is not there");
}

TEST_CASE("a job sees the environment that it is given, and no other", "[sandbox]") {
  ::setenv("SECRET_OF_THE_GRADER", "1", 1);
  Job job = probe({"environment"});
  job.environment = {"GIVEN=a b=c", "TMPDIR=/tmp"};
  CHECK(each_sandbox().run(job).ran.output ==
        "PATH=/usr/local/bin:/usr/bin:/bin\nLANG=C.UTF-8\nTMPDIR=/tmp\nGIVEN=a b=c\n");
}

TEST_CASE("a job has its streams and the channel open, and nothing of the grader's", "[sandbox]") {
  const int secret = ::open("/etc/hostname", O_RDONLY);
  const int channel = ::memfd_create("channel", 0);
  const Sandbox& sandbox = each_sandbox();
  CHECK(sandbox.run(probe({"descriptors"})).ran.output == "0 1 2 \n");
  Job job = probe({"descriptors"});
  job.channel = channel;
  CHECK(sandbox.run(job).ran.output == "0 1 2 3 \n");
  ::close(channel);
  ::close(secret);
}

TEST_CASE("what a job writes to its channel arrives", "[sandbox]") {
  const int channel = ::memfd_create("channel", MFD_CLOEXEC);
  Job job = probe({"channel"});
  job.channel = channel;
  CHECK(each_sandbox().run(job).ran.output == "channel: done\n");
  std::array<char, 100> text{};
  CHECK(::pread(channel, text.data(), text.size(), 0) == 7);
  CHECK(std::string(text.data()) == "arrived");
  ::close(channel);
}

TEST_CASE("a job without a channel has no descriptor 3", "[sandbox]") {
  CHECK(each_sandbox().run(probe({"channel"})).ran.output == "channel: EBADF\n");
}

TEST_CASE("a job of root's has an account of its own, and no group besides", "[sandbox]") {
  if (::geteuid() != 0) SKIP("only root gives accounts");
  const std::string who = each_sandbox().run(probe({"who"})).ran.output;
  CHECK(std::stoi(who) >= 64000);
  CHECK_THAT(who, EndsWith(" 0\n"));
}

TEST_CASE("a job is the first that the kernel ends when memory runs out", "[sandbox]") {
  CHECK(each_sandbox().run(probe({"out_of_memory_score"})).ran.output == "1000\n");
}

TEST_CASE("a job may have threads", "[sandbox]") {
  CHECK(each_sandbox().run(probe({"threads", "8"})).ran.output == "joined\n");
}

TEST_CASE("a job may turn off address randomisation, unless that is switched off", "[sandbox]") {
  const Tier tier = each_tier();
  CHECK(sandbox_of(tier).run(probe({"personality"})).ran.output == "personality: done\n");
  CHECK(open_sandbox(tier, {.personality = false}).run(probe({"personality"})).ran.output == "personality: EPERM\n");
}

TEST_CASE("a compiler compiles, and what it made runs", "[sandbox]") {
  const OpenFolder folder;
  const auto source = folder.write("program.cpp", "#include <iostream>\nint main() { std::cout << \"made\\n\"; }\n");
  const auto made = folder.folder("made");
  const Sandbox& sandbox = each_sandbox();
  const Job compile{.words = {COMPILER, "-std=c++20", source, "-o", made / "program"},
                    .shown = {source},
                    .writable = made,
                    .kind = Job::Kind::compiler};
  const Ended compiled = sandbox.run(compile);
  CHECK(compiled.why.empty());
  CHECK(compiled.ran.output.empty());
  REQUIRE(compiled.ran.ok());
  CHECK(sandbox.run({.words = {made / "program"}}).ran.output == "made\n");
}

TEST_CASE("jobs that run at once do not meet", "[sandbox]") {
  const Sandbox& sandbox = each_sandbox();
  constexpr int jobs = 6;
  std::array<Ended, jobs> ended;
  std::vector<std::thread> threads;
  for (int i = 0; i < jobs; ++i)
    threads.emplace_back([&, i] {
      // Half of them kill all that they can.
      ended[static_cast<std::size_t>(i)] = sandbox.run(probe({i % 2 == 0 ? "kill_parent" : "exit", std::to_string(i)}));
    });
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < jobs; ++i) CHECK(ended[static_cast<std::size_t>(i)].ran.status == i);
}

TEST_CASE("a job waits for an account, until that is no longer wanted", "[sandbox]") {
  if (::geteuid() != 0) SKIP("only root gives accounts");
  const Sandbox sandbox = open_sandbox(Tier::own_user, {.first_account = 64200, .accounts = 1});
  std::atomic<bool> waits = false;
  Job holder = probe({"sleep"});
  holder.unwanted = [&] { return waits.load(); };
  std::thread other([&] { (void)sandbox.run(holder); });
  // Whichever of the two comes first holds the account; it ends when this one has been asked, or it ends itself.
  Job waiter = probe({"exit", "0"});
  waiter.unwanted = [&] {
    waits = true;
    return false;
  };
  const Ended ended = sandbox.run(waiter);
  waits = true;
  other.join();
  CHECK(ended.ran.ok());
}
