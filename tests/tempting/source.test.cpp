#include "tools/exercises/source.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace lab::exercises;

namespace {

std::string fault_in(const std::string& text) {
  try {
    const Source source("a.cpp", text);
    (void)source.statement(0);
    return "";
  } catch (const UnknownShape& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("comments and strings are no code") {
  const Source source("a.cpp", R"x(int f() { /* { x */ g("x } \" x", 'x'); // x
  return 1'000 + x; })x");
  REQUIRE(source.find("\\bx\\b").size() == 1);
  CHECK(source.line(source.find("\\bx\\b")[0].where.begin) == 2);
}

TEST_CASE("a place lies in the function whose body holds it") {
  const Source source("a.cpp", R"(namespace n {
class A::B { B(int a) ACQUIRE(a) : one_(a) { at1; } ~B() { at2; } int x; at3; };
template <class Act>
auto A::with(int id, Act act) -> decltype(act(id)) { run([&] { at4; }); }
})");
  const auto function_of = [&](const std::string& place) {
    return source.function(source.find(place).at(0).where.begin);
  };
  CHECK(function_of("at1") == "B");
  CHECK(function_of("at2") == "~B");
  CHECK(function_of("at3") == "");
  CHECK(function_of("at4") == "with");
}

TEST_CASE("a statement ends at its semicolon or brace") {
  const std::string text = "{ a(1; 2); for (;;) if (b) c; else { d; } e({f;}); }";
  const Source source("a.cpp", text);
  std::vector<std::string> statements;
  for (Span span = source.statement(1); span.begin < span.end; span = source.statement(span.end)) {
    statements.emplace_back(source.text(span));
  }
  CHECK(statements == std::vector<std::string>{"a(1; 2);", "for (;;) if (b) c; else { d; }", "e({f;});"});
}

TEST_CASE("edits are made together, wherever they stand") {
  const Source source("a.cpp", "one two three");
  CHECK(source.edited({{{8, 13}, "3"}, {{0, 3}, "1"}, {{7, 7}, "!"}}) == "1 two! 3");
  CHECK_THROWS_AS(source.edited({{{0, 5}, ""}, {{4, 6}, ""}}), UnknownShape);
}

TEST_CASE("a condition is split where no bracket holds it together") {
  const Source source("a.cpp", "a && (b && c) && f(d && e)");
  std::vector<std::string> terms;
  for (const Span term : source.split({0, source.text().size()}, "&&")) terms.emplace_back(source.text(term));
  CHECK(terms == std::vector<std::string>{"a", "(b && c)", "f(d && e)"});
}

TEST_CASE("what the reader does not know is refused, with its line") {
  CHECK(fault_in("\n{") == "a.cpp:2: a '{' that is never closed");
  CHECK(fault_in("(]") == "a.cpp:1: a ']' that closes nothing");
  CHECK(fault_in("\"abc") == "a.cpp:1: a string without an end");
  CHECK(fault_in("R\"(abc)\"") == "a.cpp:1: a raw string");
  CHECK(fault_in("/* abc") == "a.cpp:1: a comment without an end");
  CHECK(fault_in("switch (a) {}") == "a.cpp:1: a statement that begins with 'switch'");
  CHECK(fault_in("a = b") == "a.cpp:1: a statement without an end");
}
