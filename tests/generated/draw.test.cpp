#include "tests/generated/draw.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>

using namespace lab::generated;

TEST_CASE("the same seed draws the same program, and another one another", "[generated]") {
  CHECK(draw(7, full_menu()) == draw(7, full_menu()));
  CHECK_FALSE(draw(7, full_menu()) == draw(8, full_menu()));
}

TEST_CASE("programs keep within their limits, and every kind of operation is drawn", "[generated]") {
  std::set<Kind> drawn;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const Program program = draw(seed, full_menu());
    REQUIRE((program.sessions >= 1 && program.sessions <= sessions_max));
    REQUIRE((program.threads.size() == 2 || program.threads.size() == 3));
    int creates = 0;
    int steps = 0;
    for (const auto& thread : program.threads) {
      REQUIRE(thread.size() <= 4);
      for (const Operation& operation : thread) {
        drawn.insert(operation.kind);
        if (operation.kind == Kind::create) {
          REQUIRE(operation.session == sessions_max + creates++);
        } else {
          REQUIRE(operation.session < program.sessions);
        }
        if (is_clock_step(operation.kind)) ++steps;
      }
    }
    REQUIRE(creates <= creates_max);
    REQUIRE(steps <= steps_max);
  }
  CHECK(drawn.size() == drawn_kinds);
}

TEST_CASE("each thread draws from its own menu", "[generated]") {
  const std::vector<Menu> menus = menus_of("update,get/delete");
  REQUIRE(menus == std::vector<Menu>{{Kind::update, Kind::get}, {Kind::remove}});
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Program program = draw(seed, menus);
    for (const Operation& operation : program.threads[1]) REQUIRE(operation.kind == Kind::remove);
  }
}

TEST_CASE("a menu with a name that is none is refused", "[generated]") {
  for (const char* const bad : {"", "/", "update/", "updates", "update,,get", "read_row"}) {
    INFO(bad);
    CHECK(menus_of(bad).empty() == (std::string(bad) != "update/"));
  }
}
