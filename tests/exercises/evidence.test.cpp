// Evidence as a file: what is written is read, and what is none is refused.
#include "tools/exercises/evidence.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "tests/support/folder.hpp"

using namespace lab::exercises;

TEST_CASE("evidence is read as it was written, and whatever bytes are in it") {
  const lab::test::Folder folder;
  const std::string file = (folder.path() / "evidence.json").string();
  Evidence written;
  written.test = "a claim";
  written.verdict = "assertion";
  written.summary = "got \xff";
  written.message = "got";
  written.replay = "lab1-x";
  written.runs = 7;
  written.account = {"line one", "line two"};
  written.places = {{"session_manager.cpp:5", "f"}};
  written.races = {{{"session_manager.cpp:1", "g"}, {}}};
  written.timeline = {{"timeline", {{"schema", 1}, {"title", "</script>"}}}};
  write_evidence(file, {written});
  const auto read = read_evidence(file);
  REQUIRE(read);
  REQUIRE(read->size() == 1);
  const Evidence& one = read->front();
  CHECK(one.test == "a claim");
  CHECK(one.verdict == "assertion");
  CHECK(one.summary == "got \xef\xbf\xbd");
  CHECK(one.replay == "lab1-x");
  CHECK(one.message == "got");
  CHECK(one.location.empty());
  CHECK(one.runs == 7);
  CHECK(one.account == written.account);
  CHECK(one.timeline == written.timeline);
  REQUIRE(one.races.size() == 1);
  CHECK(one.races[0].later.function == "g");
  CHECK(one.races[0].earlier.location.empty());
}

TEST_CASE("a file of evidence that is none is refused with a sentence") {
  const lab::test::Folder folder;
  const std::string file = (folder.path() / "evidence.json").string();
  CHECK(read_evidence(file).error() == "can't read " + file);
  for (const char* text : {"", "[]", "{", R"({"schema": 1})", R"({"schema": 1, "evidence": [{}]})",
                           R"({"schema": 1, "evidence": [{"test": 1, "verdict": "", "summary": "", "races": []}]})",
                           R"({"schema": 1, "evidence": [{"test": "", "verdict": "", "summary": "", "races": 3}]})"}) {
    std::ofstream(file) << text;
    CHECK(read_evidence(file).error().starts_with(file + ": "));
  }
  std::ofstream(file) << R"({"schema": 2, "evidence": []})";
  CHECK(read_evidence(file).error() == file + " is not of schema 1");
}
