#include "tools/explorer/account/text.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace lab::explorer;

TEST_CASE("foreign text loses what could move a cursor or break JSON", "[explorer][account]") {
  CHECK(clean("a\x1b[31mb\r\n\tc") == "a [31mb   c");
  CHECK(clean("a\r\n\tc", true) == "a \n\tc");
  CHECK(clean("Größe → 1") == "Größe → 1");
  CHECK(clean("\xff\xc3;") == "??;");
  CHECK(clean("\xed\xa0\x80") == "???");       // half of a surrogate pair
  CHECK(clean("\xc0\xaf") == "??");            // overlong
  CHECK(clean("\xf4\x90\x80\x80") == "????");  // past the last code point
  CHECK(clean("\xc2\x9b") == " ");             // CSI in one character
  CHECK(clean("\xe2\x82") == "??");            // cut off
}

TEST_CASE("text is cut and wrapped by code points", "[explorer][account]") {
  CHECK(cut("Größe", 5) == "Größe");
  CHECK(cut("Größen", 5) == "Größ…");
  CHECK(cut("abc", 1) == "…");
  CHECK(cut("abc", 0).empty());
  CHECK(wrap("one two three", 7, 2) == std::vector<std::string>{"one two", "  three"});
  CHECK(wrap("abcdefgh", 3) == std::vector<std::string>{"abc", "def", "gh"});
  CHECK(wrap("", 3) == std::vector<std::string>{""});
  CHECK(wrap("ab", 0, 9) == std::vector<std::string>{"a", "b"});
}

TEST_CASE("counts and words are written as people and shells read them", "[explorer][account]") {
  CHECK(count_of(0, "run") == "no runs");
  CHECK(count_of(1, "run") == "1 run");
  CHECK(count_of(999, "run") == "999 runs");
  CHECK(count_of(10'000, "run") == "10,000 runs");
  CHECK(count_of(1'234'567, "run") == "1,234,567 runs");
  CHECK(shell_word("./a.out") == "./a.out");
  CHECK(shell_word("two words") == "'two words'");
  CHECK(shell_word("it's") == "'it'\\''s'");
  CHECK(shell_word("").compare("''") == 0);
  CHECK(shell_word("~") == "'~'");
}
