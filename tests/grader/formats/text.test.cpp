#include "tools/grader/formats/text.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace lab::grader::formats;

TEST_CASE("what no format can hold is shown as U+FFFD, and the rest is kept") {
  CHECK(printable("héllo\tand\n✓ 😀") == "héllo\tand\n✓ 😀");
  CHECK(printable(std::string("a\0b", 3)) ==
        "a\xEF\xBF\xBD"
        "b");
  CHECK(printable("\x07\x7f") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(printable("\xff") == "\xEF\xBF\xBD");
  CHECK(printable("\xc3") == "\xEF\xBF\xBD");
  CHECK(printable("\xed\xa0\x80") == "\xEF\xBF\xBD");  // half of a surrogate pair
  CHECK(printable("\xef\xbf\xbe") == "\xEF\xBF\xBD");  // U+FFFE, which XML forbids
  CHECK(printable("\xc2\x85") == "\xEF\xBF\xBD");      // a control character of ISO 8859
  CHECK(printable("\xe2\x80\xae") == "\xEF\xBF\xBD");  // turns the direction of reading
  CHECK(printable("").empty());
}

TEST_CASE("a terminal's colours are taken out, and line ends are one character") {
  CHECK(printable("\x1b[1;31mred\x1b[0m") == "red");
  CHECK(printable("a\r\nb\rc\r") == "a\nb\nc\n");
  CHECK(printable("\x1b[") == "\xEF\xBF\xBD[");
  CHECK(printable("\x1b") == "\xEF\xBF\xBD");
}

TEST_CASE("a long text is cut between characters and says how much is left out") {
  CHECK(cut("short", 5) == "short");
  CHECK(cut("short", 4) == "shor");
  CHECK(cut("éé", 3) == "é");
  CHECK(cut("é", 1).empty());
  const std::string text = cut(std::string(1000, 'x'), 200);
  CHECK(text == std::string(152, 'x') + "\n[848 more bytes left out]");
}

TEST_CASE("no cut text is longer than its limit or ends within a character") {
  std::string text;
  while (text.size() < 600) text += "aé✓😀";
  for (std::size_t limit = 0; limit < 620; ++limit) {
    const std::string result = cut(text, limit);
    CHECK(result.size() <= limit);
    CHECK(printable(result) == result);
  }
}

TEST_CASE("one line has no line ends and no spaces at its ends") {
  CHECK(one_line("\n a\tb\nc \n") == "a b c");
  CHECK(one_line(" \n").empty());
}

TEST_CASE("a word for the shell is in quotes if it could be more than a word") {
  CHECK(shell_word("01.1/1:2x7.1x12") == "01.1/1:2x7.1x12");
  CHECK(shell_word("a; rm -r x") == "'a; rm -r x'");
  CHECK(shell_word("it's $(x)") == "'it'\\''s $(x)'");
  CHECK(shell_word("").empty() == false);
}

TEST_CASE("a number has two decimals at most, and is as short as it can be") {
  CHECK(number(8) == "8");
  CHECK(number(2.5) == "2.5");
  CHECK(number(1e12) == "1000000000000");
  CHECK(number(16.0 / 3) == "5.33");
  CHECK(number(0.1 + 0.2) == "0.3");
  CHECK(number(-16.0 / 3) == "-5.33");
  CHECK(number(-0.001) == "0");
  CHECK(number(1e300) == "1e+300");
  CHECK(counted(1, "run") == "1 run");
  CHECK(counted(0, "run") == "0 runs");
}
