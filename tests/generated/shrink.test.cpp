#include "tests/generated/shrink.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/generated/draw.hpp"
#include "tests/generated/story.hpp"

using namespace lab::generated;

namespace {

std::size_t count(const Program& program, Kind kind) {
  std::size_t all = 0;
  for (const auto& thread : program.threads) {
    all += static_cast<std::size_t>(
        std::count_if(thread.begin(), thread.end(), [&](const Operation& each) { return each.kind == kind; }));
  }
  return all;
}

}  // namespace

TEST_CASE("what a failure does not need is left out", "[generated]") {
  const auto fails = [](const Program& program) {
    return count(program, Kind::update) > 0 && count(program, Kind::remove) > 0;
  };
  std::size_t shrunk = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const Program program = draw(seed, full_menu());
    if (!fails(program)) continue;
    const Program smallest = shrink(program, fails);
    REQUIRE(smallest.size() == 2);
    REQUIRE(fails(smallest));
    REQUIRE(smallest.age == Age::fresh);
    ++shrunk;
  }
  CHECK(shrunk > 50);
}

TEST_CASE("a session that is not named goes, and those after it move up", "[generated]") {
  Program program;
  program.sessions = 3;
  program.threads = {{on(Kind::get, 2)}, {merging(2, 1)}};
  const Program smallest = shrink(program, [](const Program& each) { return each.size() == 2; });
  CHECK(smallest.sessions == 2);
  CHECK(smallest.threads[0][0] == on(Kind::get, 1));
  CHECK(smallest.threads[1][0] == merging(1, 0));
}

TEST_CASE("a program that fails in no simpler form stays as it is", "[generated]") {
  const Program program = draw(3, full_menu());
  CHECK(shrink(program, [](const Program&) { return false; }) == program);
}
