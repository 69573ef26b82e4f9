// Where submissions are worked on: whose it is, and what is left of it.
#include "tools/grader/judging/workplace.hpp"

#include <unistd.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <thread>

#include "tools/process/folder.hpp"

using lab::grader::lack_of_room;
using lab::grader::Workplace;
using lab::grader::workplace_of;

namespace fs = std::filesystem;

namespace {

// In the place of the machine's folder of temporary files while it lives.
class Temporary {
public:
  explicit Temporary(const fs::path& folder) {
    if (const char* const set = std::getenv("TMPDIR")) before_ = set;
    ::setenv("TMPDIR", folder.c_str(), 1);
  }
  ~Temporary() { before_.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", before_.c_str(), 1); }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

private:
  std::string before_;
};

}  // namespace

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

TEST_CASE("a workplace leaves no file") {
  const std::string number = "test-of-a-workplace-lock";
  { const Workplace workplace(number); }
  CHECK_FALSE(fs::exists(workplace_of(number).string() + ".lock"));
}

// Who made the folder first, in a folder that everybody may write to, could change what is compiled in it.
TEST_CASE("a folder of workplaces that is not this user's own is refused") {
  const lab::process::Folder temporary("lab-workplace-test");
  const Temporary here(temporary.path());
  const fs::path all = workplace_of("x").parent_path();
  REQUIRE(all.parent_path() == temporary.path());
  const std::string refusal =
      all.string() + " is no folder of this user's own: remove it, or set TMPDIR to another place";
  fs::create_directory(temporary.path() / "elsewhere");
  fs::create_directory_symlink(temporary.path() / "elsewhere", all);
  CHECK_THROWS_WITH(Workplace("x"), refusal);
  CHECK_THROWS_WITH(lack_of_room(), refusal);
  fs::remove(all);
  std::ofstream(all) << "a file";
  CHECK_THROWS(Workplace("x"));
  fs::remove(all);
  if (::geteuid() == 0) {
    fs::create_directory(all);
    REQUIRE(::chown(all.c_str(), 65534, 65534) == 0);
    CHECK_THROWS_WITH(Workplace("x"), refusal);
    fs::remove(all);
  }
  CHECK_NOTHROW(Workplace("x"));
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
