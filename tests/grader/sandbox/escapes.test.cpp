// What a job can't get at, and that nothing of it stays.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <csignal>

#include "tests/grader/sandbox/support.hpp"

using namespace lab::grader;
using namespace lab::grader::test;

TEST_CASE("a job reaches no listener of this machine", "[sandbox]") {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  REQUIRE(::bind(listener, reinterpret_cast<const sockaddr*>(&address), length) == 0);
  REQUIRE(::listen(listener, 1) == 0);
  REQUIRE(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length) == 0);
  const std::string port = std::to_string(ntohs(address.sin_port));
  CHECK(each_sandbox().run(probe({"connect", port})).ran.output ==
        "socket: EPERM\nconnect: EPERM\nsocketpair: EPERM\n");
  ::close(listener);
}

TEST_CASE("what reaches beyond a job is refused", "[sandbox]") {
  const Tier tier = each_tier();
  // There is no terminal, or Landlock does not let it look.
  const std::string terminal = tier == Tier::namespaces ? "ENXIO" : "EACCES";
  CHECK(sandbox_of(tier).run(probe({"escape"})).ran.output ==
        "unshare: EPERM\nclone: EPERM\nclone3: ENOSYS\nmount: EPERM\nsetuid: EPERM\nsetsid: EPERM\nsetpgid: EPERM\n"
        "memfd_create: EPERM\nio_uring_setup: EPERM\nbpf: EPERM\nkeyctl: EPERM\nperf_event_open: EPERM\n"
        "a call that nobody knows: ENOSYS\nlink: EPERM\nterminal: " +
            terminal + "\n");
}

TEST_CASE("a job can't get at the process above it", "[sandbox]") {
  CHECK(each_sandbox().run(probe({"reach_for_parent"})).ran.output ==
        "ptrace: EPERM\nprocess_vm_readv: EPERM\nmem: EACCES\nfd: EACCES\nenviron: EACCES\n");
}

TEST_CASE("a job can't get at the grader", "[sandbox]") {
  const Tier tier = each_tier();
  const std::string found = sandbox_of(tier).run(probe({"reach_for", std::to_string(::getpid())})).ran.output;
  const std::string error = tier == Tier::namespaces ? "ENOENT" : "EACCES";
  CHECK(found ==
        "ptrace: EPERM\nprocess_vm_readv: EPERM\nmem: " + error + "\nfd: " + error + "\nenviron: " + error + "\n");
}

TEST_CASE("a job that kills all it can ends as it says, and nobody else does", "[sandbox]") {
  const Ended ended = each_sandbox().run(probe({"kill_parent", "6"}));
  CHECK(ended.ran.status == 6);
  CHECK(ended.ran.signal == 0);
  CHECK_FALSE(ended.sandbox_broken);
}

TEST_CASE("a job that kills its own group is killed by that", "[sandbox]") {
  const Ended ended = each_sandbox().run(probe({"kill_group"}));
  CHECK(ended.ran.signal == SIGKILL);
  CHECK_FALSE(ended.sandbox_broken);
}

TEST_CASE("a job that closes all descriptors ends as it says", "[sandbox]") {
  CHECK(each_sandbox().run(probe({"close_all", "5"})).ran.status == 5);
}

TEST_CASE("a grandchild that means to stay is gone with the job", "[sandbox]") {
  const std::string mark = "marked-to-survive-" + std::to_string(::getpid());
  const Ended ended = each_sandbox().run(probe({"survive", mark}));
  CHECK(ended.ran.ok());
  CHECK_FALSE(ended.sandbox_broken);
  CHECK_FALSE(is_running(mark));
}

TEST_CASE("a program starts itself again, and no other", "[sandbox]") {
  const Sandbox& sandbox = each_sandbox();
  CHECK(sandbox.run(probe({"start", "/proc/self/exe", "exit", "9"})).ran.status == 9);
  CHECK(sandbox.run(probe({"start", PROBE, "exit", "9"})).ran.status == 9);
  CHECK(sandbox.run(probe({"start", "/usr/bin/id"})).ran.output == "exec: EACCES\n");
}
