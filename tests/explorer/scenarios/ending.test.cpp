// A scenario has to return.
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstdlib>
#include <thread>

#include "tools/explorer/explorer.hpp"

using namespace lab::explorer;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a scenario that ends its process has crashed, whatever the status", "[explorer]") {
  using End = void (*)(int);
  for (const End end : {End{std::exit}, End{std::_Exit}, End{std::quick_exit}, End{::_exit}}) {
    const Findings findings = explore([end] { end(0); });
    CHECK(findings.verdict == Verdict::crash);
    CHECK_THAT(findings.message, ContainsSubstring("ends the whole process, with status 0"));
  }
}

TEST_CASE("a thread of a scenario may not end its process either", "[explorer]") {
  const Findings findings = explore([] { std::thread([] { std::exit(7); }).join(); });
  CHECK(findings.verdict == Verdict::crash);
  CHECK_THAT(findings.message, ContainsSubstring("with status 7"));
}
