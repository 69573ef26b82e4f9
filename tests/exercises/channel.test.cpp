// Evidence by a channel: what the program says arrives, and what anybody else says is refused.
#include "tools/exercises/channel.hpp"

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>

#include "tests/support/folder.hpp"

using namespace lab::exercises;

namespace {

Evidence one(const std::string& test, const std::string& verdict) {
  Evidence evidence;
  evidence.test = test;
  evidence.verdict = verdict;
  return evidence;
}

std::string name_of(const Channel& channel) { return "fd:" + std::to_string(channel.descriptor()); }

void say(const Channel& channel, const std::string& text) {
  REQUIRE(::write(channel.descriptor(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
}

}  // namespace

TEST_CASE("a channel brings the charge there and the evidence back, the later word for the earlier") {
  const Channel channel({"token", "salt"});
  EvidenceSink sink;
  sink.open(name_of(channel));
  CHECK(sink.salt() == "salt");
  sink.put(0, one("a", "crash"));
  sink.put(0, one("a", "passed"));
  sink.put(1, one("b", "assertion"));
  const auto received = channel.receive();
  REQUIRE(received);
  CHECK(received->begun);
  REQUIRE(received->evidence.size() == 2);
  CHECK(received->evidence[0].verdict == "passed");
  CHECK(received->evidence[1].test == "b");
}

TEST_CASE("a program that never came to its main function has left the charge, and has not begun") {
  const Channel channel({"token", ""});
  const auto received = channel.receive();
  REQUIRE(received);
  CHECK_FALSE(received->begun);
  CHECK(received->evidence.empty());
}

TEST_CASE("the charge is blotted out before anything is said") {
  const Channel channel({"secret-token", ""});
  EvidenceSink sink;
  sink.open(name_of(channel));
  std::string content(64, '\0');
  REQUIRE(::pread(channel.descriptor(), content.data(), content.size(), 0) > 0);
  CHECK(content.substr(0, content.find('\n')).find_first_not_of(' ') == std::string::npos);
}

TEST_CASE("what lacks the token, is of another form or out of order is refused, whoever wrote it") {
  for (const char* forged : {
           "{\"at\":0,\"evidence\":{\"test\":\"a\",\"verdict\":\"passed\",\"summary\":\"\",\"races\":[]}}\n",
           "{\"token\":\"wrong\",\"at\":0,\"evidence\":{}}\n", "[]\n", "nonsense\n", "\n",
           "{\"token\":\"token\",\"at\":7,\"evidence\":{}}\n", "{\"token\":\"token\",\"at\":0,\"evidence\":{}}\n",
           "{\"token\":\"token\"}\n", "{\"token\":\"token\",\"at\":-1,\"evidence\":{}}\n"}) {
    INFO(forged);
    const Channel channel({"token", ""});
    EvidenceSink sink;
    sink.open(name_of(channel));
    say(channel, forged);
    CHECK_FALSE(channel.receive());
  }
  const Channel channel({"token", ""});
  EvidenceSink sink;
  sink.open(name_of(channel));
  say(channel, "PASSED\n");
  CHECK(channel.receive().error() ==
        "line 3 of the evidence lacks the token: something other than the tests has written it");
}

TEST_CASE("a line that its program was ended in counts as not written") {
  const Channel channel({"token", ""});
  EvidenceSink sink;
  sink.open(name_of(channel));
  sink.put(0, one("a", "crash"));
  say(channel, "{\"token\":\"token\",\"at\":0,\"evid");
  const auto received = channel.receive();
  REQUIRE(received);
  REQUIRE(received->evidence.size() == 1);
  CHECK(received->evidence[0].verdict == "crash");
}

TEST_CASE("a sink over a file has all of it there after each word, and a sink over nothing is silent") {
  const lab::test::Folder folder;
  const std::string file = (folder.path() / "evidence.json").string();
  EvidenceSink sink;
  sink.open(file);
  CHECK(read_evidence(file)->empty());
  sink.put(0, one("a", "crash"));
  sink.put(1, one("b", "passed"));
  sink.put(0, one("a", "passed"));
  CHECK(read_evidence(file)->at(0).verdict == "passed");
  CHECK(read_evidence(file)->at(1).test == "b");
  EvidenceSink nowhere;
  nowhere.open("");
  nowhere.put(0, one("a", "passed"));
  CHECK_FALSE(nowhere.is_open());
}

TEST_CASE("a descriptor that is no channel is refused with a sentence") {
  EvidenceSink sink;
  CHECK_THROWS_WITH(sink.open("fd:x"), "there is no channel fd:x");
  CHECK_THROWS_WITH(sink.open("fd:987"), "there is no charge in the channel fd:987");
}
