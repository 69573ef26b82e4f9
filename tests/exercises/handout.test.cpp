// What races in the handout, as a file.
#include "tools/exercises/handout.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "tests/support/folder.hpp"

using namespace lab::exercises;

TEST_CASE("the handout's races are read as they were written, in whatever order they are compared") {
  const lab::test::Folder folder;
  const std::string file = (folder.path() / "races.json").string();
  const HandoutRaces races{{{"f", "++a;", "x.cpp:1"}, {}}, {{"f", "++a;", ""}, {"g", "return a;", ""}}};
  write_handout_races(file, races);
  const auto read = read_handout_races(file);
  REQUIRE(read);
  CHECK(same_races(*read, races));
  CHECK(same_races(*read, {races[1], races[0]}));
  CHECK_FALSE(same_races(*read, {races[0]}));
  CHECK_FALSE(same_races(*read, {races[0], races[0]}));
}

TEST_CASE("a file that says nothing of races is refused with a sentence") {
  const lab::test::Folder folder;
  const std::string file = (folder.path() / "races.json").string();
  CHECK(read_handout_races(file).error() == "can't read " + file);
  std::ofstream(file) << R"({"schema": 3, "races": []})";
  CHECK(read_handout_races(file).error() == file + " is not of schema 1");
  std::ofstream(file) << R"({"schema": 1, "races": [{"later": {}}]})";
  CHECK(read_handout_races(file).error().starts_with(file + ": "));
}
