// Evidence as it is read for blame: places by function and text.
#include "tools/exercises/findings.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "tests/support/folder.hpp"

using namespace lab::exercises;

namespace {

struct Files {
  lab::test::Folder folder;
  std::string source = (folder.path() / "session_manager.cpp").string();
  std::string evidence = (folder.path() / "evidence.json").string();

  Files(const std::string& source_text, const std::string& evidence_text) {
    std::ofstream(source) << source_text;
    std::ofstream(evidence) << evidence_text;
  }
};

}  // namespace

TEST_CASE("a line is known without its comment and however it is spaced") {
  CHECK(line_text("      ++cache_hits_;  // BUG B6: others count as well") == "++cache_hits_;");
  CHECK(line_text("  if (a ==\tb)   {  ") == "if (a == b) {");
  CHECK(line_text("  // nothing but a comment").empty());
  CHECK(line_text("").empty());
}

TEST_CASE("of a copy that does not compile the first error is told, with its place") {
  const Finding of_compiler = refusal_of(
      "In file included from /home/alice/work/session_manager.cpp:1:\n"
      "/home/alice/work/session_manager.hpp:12:7: warning: unused variable 'x'\n"
      "/home/alice/work/session_manager.cpp:57:3: error: use of undeclared identifier 'guard'\n"
      "/home/alice/work/session_manager.cpp:60:3: error: expected ';'\n2 errors generated.\n");
  CHECK(of_compiler.judge == "build");
  CHECK(of_compiler.claim == "the copy compiles and links");
  CHECK(of_compiler.verdict == "assertion");
  CHECK(of_compiler.summary == "use of undeclared identifier 'guard'");
  CHECK(of_compiler.location == "session_manager.cpp:57");
  CHECK(refusal_of("a.hpp:3:10: fatal error: 'none.hpp' file not found\n").location == "a.hpp:3");
}

TEST_CASE("of a copy that does not link the linker's own words are told") {
  const Finding of_lld = refusal_of(
      "ld.lld: error: duplicate symbol: main\n>>> defined at main.cpp\nclang: error: linker command failed\n");
  CHECK(of_lld.summary == "duplicate symbol: main");
  CHECK(of_lld.location.empty());
  const Finding of_bfd = refusal_of(
      "/usr/bin/ld: main.o: multiple definition of `main'\nclang: error: linker command failed with exit code 1\n");
  CHECK(of_bfd.summary == "/usr/bin/ld: main.o: multiple definition of `main'");
  CHECK(of_bfd.location.empty());
}

TEST_CASE("a compiler that says nothing is told too") {
  CHECK(refusal_of("").summary == "the compiler gives no reason");
}

TEST_CASE("a finding has its races' places with their lines' text") {
  const Files files("first\n  second;  // why\n",
                    R"({ "schema": 1, "evidence": [ { "test": "gets", "verdict": "data_race", "summary": "it races",
                         "location": "session_manager.cpp:2", "races": [ {
                           "later": { "location": "session_manager.cpp:2", "function": "f" },
                           "earlier": { "location": null, "function": null } } ] } ] })");
  const auto findings = read_findings(files.evidence, files.source);
  REQUIRE(findings);
  REQUIRE(findings->size() == 1);
  const Finding& finding = findings->front();
  CHECK(finding.claim == "gets");
  CHECK(finding.verdict == "data_race");
  CHECK(finding.summary == "it races");
  CHECK(finding.location == "session_manager.cpp:2");
  REQUIRE(finding.races.size() == 1);
  CHECK(finding.races[0].later == Place{"f", "second;", ""});
  CHECK(finding.races[0].earlier == Place{});
  CHECK_FALSE(finding.races[0].earlier.known());
}

TEST_CASE("a place beyond the source's end has no text") {
  const Files files("one line\n", R"({ "schema": 1, "evidence": [ { "test": "gets", "verdict": "data_race",
                         "summary": "", "location": null, "races": [ {
                           "later": { "location": "session_manager.cpp:7", "function": "f" },
                           "earlier": { "location": "session_manager.cpp", "function": "f" } } ] } ] })");
  const auto findings = read_findings(files.evidence, files.source);
  REQUIRE(findings);
  CHECK(findings->at(0).races.at(0).later.text.empty());
  CHECK(findings->at(0).races.at(0).earlier.text.empty());
}

TEST_CASE("what is no evidence is refused with a sentence") {
  const Files schema("", R"({ "schema": 2, "evidence": [] })");
  CHECK(read_findings(schema.evidence, schema.source).error() == schema.evidence + " is not of schema 1");
  const Files broken("", "{");
  CHECK(read_findings(broken.evidence, broken.source).error().starts_with(broken.evidence + ": "));
  const Files lacking("", R"({ "schema": 1, "evidence": [ { "test": "gets" } ] })");
  CHECK(read_findings(lacking.evidence, lacking.source).error().starts_with(lacking.evidence + ": "));
  CHECK(read_findings(schema.evidence, "/nowhere").error() == "can't read /nowhere");
  CHECK(read_findings("/nowhere", schema.source).error() == "can't read /nowhere");
}
