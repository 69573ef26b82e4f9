#include "tools/grader/submission/names.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace lab::grader;

TEST_CASE("a name in a sentence has no control characters, and a bounded length", "[submission]") {
  CHECK(in_quotes("a b.cpp") == "\"a b.cpp\"");
  CHECK(in_quotes("\x1b[2J\n\x7f") == "\"\\u001b[2J\\n\\u007f\"");
  CHECK(in_quotes("\xff") == "\"\\ufffd\"");
  CHECK(in_quotes("\xe2\x80\xae") == "\"\\u202e\"");
  CHECK(in_quotes(std::string(1000, 'x')) == "\"" + std::string(120, 'x') + "...\"");
  // Cut in the middle of a letter.
  CHECK(in_quotes(std::string(119, 'x') + "\xc3\xbc").find("\\ufffd") != std::string::npos);
}

TEST_CASE("what is wrong with a name is said", "[submission]") {
  CHECK(fault_of_name("a/./b//c") == "");
  CHECK(fault_of_name("\xc3\xbc/..a/b..") == "");
  CHECK(fault_of_name("") == "has no name");
  CHECK(fault_of_name("/a") == "has an absolute name");
  CHECK(fault_of_name("..") == "leads out of the archive");
  CHECK(fault_of_name("a/../b") == "leads out of the archive");
  CHECK(fault_of_name("a\\b") == "has a backslash in its name");
  CHECK(fault_of_name("a\nb") == "has a control character in its name");
  CHECK(fault_of_name("a\x7f") == "has a control character in its name");
  CHECK(fault_of_name("\xfc") == "has a name that is not UTF-8");
  std::string deep;
  for (int i = 0; i < 64; ++i) deep += "a/";
  CHECK(fault_of_name(deep) == "");
  CHECK(fault_of_name(deep + "a") == "lies too deep");
}

TEST_CASE("a name's parts are without those that say nothing", "[submission]") {
  CHECK(parts_of("./a//b/./c/") == std::vector<std::string>{"a", "b", "c"});
  CHECK(parts_of("/").empty());
}
