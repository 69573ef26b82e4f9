// What `fixed` took is remembered as it was, and bounds what a submission may take.
#include "tools/grader/judging/limits.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "tools/process/folder.hpp"

using namespace lab::grader;
using std::chrono::seconds;

namespace {

const Measured taken{7.5, 0.25, 12, 100};

void write(const std::filesystem::path& file, const std::string& text) { std::ofstream(file) << text; }

}  // namespace

TEST_CASE("what was measured is read as it was written") {
  const lab::process::Folder folder("lab-limits");
  const auto file = folder.path() / "new/limits.json";
  write_measured(file, "this boot", taken);
  const auto read = read_measured(file, "this boot");
  REQUIRE(read.has_value());
  CHECK(read->explored == 7.5);
  CHECK(read->one_thread == 0.25);
  CHECK(read->model == 12);
  CHECK(read->threads == 100);
}

TEST_CASE("what was measured with another lab or before the machine's start counts for nothing") {
  const lab::process::Folder folder("lab-limits");
  write_measured(folder.path() / "limits.json", "that boot", taken);
  CHECK_FALSE(read_measured(folder.path() / "limits.json", "this boot").has_value());
}

TEST_CASE("a file of measurements that is none counts for nothing") {
  const lab::process::Folder folder("lab-limits");
  const auto file = folder.path() / "limits.json";
  CHECK_FALSE(read_measured(file, "k").has_value());
  const std::string good = R"({"schema": 1, "key": "k", "explored": 1, "one_thread": 1, "model": 1, "threads": 1})";
  write(file, good);
  CHECK(read_measured(file, "k").has_value());
  for (const char* const bad :
       {"", "[]", "{", "null", R"({"schema": 2, "key": "k", "explored": 1, "one_thread": 1, "model": 1, "threads": 1})",
        R"({"schema": 1, "key": "k", "explored": 1, "one_thread": 1, "model": 1})",
        R"({"schema": 1, "key": "k", "explored": 0, "one_thread": 1, "model": 1, "threads": 1})",
        R"({"schema": 1, "key": "k", "explored": -1, "one_thread": 1, "model": 1, "threads": 1})",
        R"({"schema": 1, "key": "k", "explored": "1", "one_thread": 1, "model": 1, "threads": 1})",
        R"({"schema": "1", "key": "k", "explored": 1, "one_thread": 1, "model": 1, "threads": 1})",
        R"({"schema": 1, "key": 1, "explored": 1, "one_thread": 1, "model": 1, "threads": 1})"}) {
    INFO(bad);
    write(file, bad);
    CHECK_FALSE(read_measured(file, "k").has_value());
  }
}

TEST_CASE("a limit is ten times what fixed took, and half a minute at least") {
  const Limits limits = limits_from(taken);
  CHECK(limits.explored == seconds(75));
  CHECK(limits.one_thread == seconds(30));
  CHECK(limits.model == seconds(120));
  CHECK(limits.threads == seconds(1000));
}

TEST_CASE("of two measurements the longer time counts, each for itself") {
  Measured one{1, 5, 2, 2};
  one.raise_to({2, 1, 2, 9});
  CHECK(one.explored == 2);
  CHECK(one.one_thread == 5);
  CHECK(one.model == 2);
  CHECK(one.threads == 9);
}
