// The reader of hints.
#include "tools/exercises/hints.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "tests/support/folder.hpp"

using namespace lab::exercises;

TEST_CASE("hints are read without their headings and the empty lines around them") {
  const lab::test::Folder folder;
  const std::string file = (folder.path() / "hints.md").string();
  std::ofstream(file) << "# Hints for 01\n\nread on\n## 1\n\nfirst\n\nmore of it\n\n## 2\nsecond\n";
  CHECK(read_hints(file).value() == std::vector<std::string>{"first\n\nmore of it", "second"});
}

TEST_CASE("hints that are none are refused with a sentence") {
  const lab::test::Folder folder;
  const std::string file = (folder.path() / "hints.md").string();
  CHECK(read_hints(file).error() == "can't read " + file);
  std::ofstream(file) << "# Hints\n";
  CHECK(read_hints(file).error() == file + " has no hint");
  std::ofstream(file) << "## 2\ntext\n";
  CHECK(read_hints(file).error() == file + ": \"## 2\" stands where hint 1 belongs");
  std::ofstream(file) << "## 1\n\n## 2\ntext\n";
  CHECK(read_hints(file).error() == file + " has an empty hint");
}
