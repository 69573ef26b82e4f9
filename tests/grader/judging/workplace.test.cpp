// Where submissions are worked on: whose it is, and what is left of it.
#include "tools/grader/judging/workplace.hpp"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <memory>
#include <thread>

using lab::grader::lack_of_room;
using lab::grader::Workplace;
using lab::grader::workplace_of;

namespace fs = std::filesystem;

TEST_CASE("a workplace is empty at first, and gone with its owner") {
  const std::string number = "test-of-a-workplace";
  {
    const Workplace workplace(number);
    CHECK(workplace.path() == workplace_of(number));
    CHECK(fs::is_empty(workplace.path()));
    fs::create_directory(workplace.path() / "tsan");
    std::ofstream(workplace.path() / "tsan/program") << "large";
  }
  CHECK_FALSE(fs::exists(workplace_of(number)));
}

TEST_CASE("what a killed process left in a workplace is cleared away") {
  const std::string number = "test-of-a-workplace-left";
  fs::create_directories(workplace_of(number) / "release");
  const Workplace workplace(number);
  CHECK(fs::is_empty(workplace.path()));
}

TEST_CASE("a disk that has no room is told of") {
  CHECK(lack_of_room(0) == "");
  const std::string lack = lack_of_room(std::uintmax_t{1} << 62);
  CHECK(lack.find(" MB are free for " + workplace_of("").parent_path().string()) != std::string::npos);
  CHECK(lack.ends_with(", and a grade takes 4611686018427: make room, or set TMPDIR to a larger disk"));
}

TEST_CASE("two that work on the same content do so one after the other") {
  const std::string number = "test-of-a-workplace-shared";
  std::atomic<int> inside = 0, most = 0;
  const auto work = [&] {
    for (int i = 0; i < 50; ++i) {
      const Workplace workplace(number);
      if (++inside > 1) most = 2;
      std::ofstream(workplace.path() / "file") << "mine";
      if (!fs::exists(workplace.path() / "file")) most = 3;
      --inside;
    }
  };
  std::thread other(work);
  work();
  other.join();
  CHECK(most == 0);
}
