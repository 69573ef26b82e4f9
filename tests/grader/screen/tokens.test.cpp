#include "tools/grader/screen/tokens.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace lab::grader;

namespace {

std::string cut(const std::string& text) {
  std::string all;
  const Tokens tokens = tokens_of(text);
  for (const Token& token : tokens.all) all += (all.empty() ? "" : " ") + token.text;
  for (const Fault& fault : tokens.faults) all += " !" + fault.rule + ":" + std::to_string(fault.line);
  return all;
}

}  // namespace

TEST_CASE("comments are no tokens, and what looks like one in a string is none") {
  CHECK(cut("a /* b \" */ c // d \"\n e \"/* f\" g '\"' h") == "a c e \"/* f\" g '\"' h");
  CHECK(cut("a // b \\\n c\nd") == "a d");
  CHECK(cut("a /* b") == "a");
}

TEST_CASE("lines that end in a backslash are one, blanks behind it or not") {
  CHECK(cut("as\\\nm as\\  \nm as\\\r\nm") == "asm asm asm");
  CHECK(cut("\"a\\\nb\" c") == "\"ab\" c");
}

TEST_CASE("a token tells its line, and whether it is the first of it") {
  const Tokens tokens = tokens_of("a \\\n b\n /* \n */ # c");
  REQUIRE(tokens.all.size() == 4);
  CHECK(tokens.all[1].line == 2);
  CHECK_FALSE(tokens.all[1].begins_line);
  CHECK(tokens.all[2].line == 4);
  CHECK(tokens.all[2].begins_line);
}

TEST_CASE("a quote within a number separates digits") {
  CHECK(cut("1'000'000 'a' 0x1p+3 1e-5f .5 1.e3") == "1'000'000 'a' 0x1p+3 1e-5f .5 1.e3");
  CHECK(cut("u8'a' L\"b\"sv") == "u8 'a' L \"b\" sv");
}

TEST_CASE("digraphs are what they stand for") {
  CHECK(cut("%: %:%: <: :> <% %> a<::b> a<:::b:>") == "# ## [ ] { } a < :: b > a [ :: b ]");
}

TEST_CASE("in the name of a header nothing is an escape or a comment") {
  CHECK(cut("#include <a/*b>\n#include \"c\\\" d\n%:include <x//y> e") ==
        "# include <a/*b> # include \"c\\\" d # include <x//y> e");
  CHECK(cut("a # include <b>") == "a # include < b >");
}

TEST_CASE("a literal that is not closed ends with its line") {
  CHECK(cut("#if 0\ndon't\n#endif") == "# if 0 don 't # endif");
}

TEST_CASE("what compilers and readers may cut differently is a fault") {
  CHECK(cut("a\nR\"(x)\"") == "a !characters:2");
  CHECK(cut("u8R\"(x)\"") == " !characters:1");
  CHECK(cut("\"ERROR\" PAR \"x\"") == "\"ERROR\" PAR \"x\"");
  CHECK(cut("a // b\rc") == " !characters:1");
  CHECK(cut(std::string("a\0b", 3)) == " !characters:1");
  CHECK(cut("int \xC3\xA9;") == "int !characters:1");
  CHECK(cut("// \xC3\xA9\n\"\xC3\xA9\xFF\"") == "\"\xC3\xA9\xFF\"");
  CHECK(cut("\\u0061sm") == " !characters:1");
  CHECK(cut("1p+'a/*'") == " !characters:1");
  CHECK(cut("#include FILE") == "# include !include:1");
}

TEST_CASE("a bracket's partner is found, and the end where there is none") {
  const Tokens tokens = tokens_of("( [ { } ] ) (");
  CHECK(closing(tokens.all, 0) == 5);
  CHECK(closing(tokens.all, 1) == 4);
  CHECK(closing(tokens.all, 6) == 7);
}
