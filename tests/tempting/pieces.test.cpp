#include "tools/exercises/pieces.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tools/exercises/source.hpp"

using namespace lab::exercises;

namespace {

std::string joined(const std::string& text) {
  std::string all;
  for (const Piece& piece : pieces_of(text)) all += (all.empty() ? "" : " | ") + piece.text;
  return all;
}

std::string message_of(const std::string& text) {
  try {
    (void)pieces_of(text);
    return "";
  } catch (const UnknownShape& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a piece is a statement, a heading or a brace, with a space only between words") {
  CHECK(joined("int f( ) {  // f\n  if (a == b) return  c ;\n  d = \"; {\";\n}") ==
        "int f() | { | if(a==b)return c | d=\"\" | }");
}

TEST_CASE("the semicolons of a for end no piece, and those of a lambda among arguments do") {
  CHECK(joined("for (int i = 0; i < 3; ++i) g([&] { a; b; });") == "for(int i=0;i<3;++i)g([&] | { | a | b | } | )");
}

TEST_CASE("braces that initialise belong to their statement") {
  CHECK(joined("MutexLock lock{ m_ }; std::atomic<int> a{0}; do { x; } while (y);") ==
        "MutexLock lock{m_} | std::atomic<int>a{0} | do | { | x | } | while(y)");
}

TEST_CASE("a piece is of the function that it stands in") {
  const std::vector<Piece> pieces = pieces_of("int a; void C::f() { b; } int c;");
  CHECK(pieces ==
        std::vector<Piece>{{"int a", ""}, {"void C::f()", "f"}, {"{", "f"}, {"b", "f"}, {"}", "f"}, {"int c", ""}});
}

TEST_CASE("what is too long or no code is refused") {
  CHECK(message_of("}") == "the copy:1: a '}' that closes nothing");
  CHECK(message_of("\n" + std::string(2000, 'a')) == "the copy:2: a statement too long to look at");
  CHECK(message_of(std::string(1 << 20, ' ')) == "a text too long to look at");
}
