#include "tests/mutants/page.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace lab::mutants;

namespace {

const std::string empty_page =
    "# Mutants\n<!-- mutants: killed -->\n<!-- mutants: end -->\nProved:\n<!-- mutants: proved -->\n"
    "<!-- mutants: end -->\nThe end.\n";

std::vector<Mutant> two_mutants() {
  return {{"remove-lock/f/1", "remove-lock", "a.cpp", 1, "a || b is not locked", ""},
          {"relaxed/f/1", "relaxed", "a.cpp", 2, "the load is relaxed", ""}};
}

const std::map<std::string, Kill> kills{{"remove-lock/f/1", {"explorer", "a claim, broken", "data_race"}}};
const std::map<std::string, std::string> proofs{{"relaxed/f/1", "Nobody can tell."}};

}  // namespace

TEST_CASE("the page has a row for each killed mutant and an entry for each proof, and is read back", "[mutants]") {
  const std::string page = with_tables(empty_page, two_mutants(), kills, proofs);
  CHECK(page ==
        "# Mutants\n<!-- mutants: killed -->\n| mutant | what it does | killed by | judge | how "
        "|\n|---|---|---|---|---|\n"
        "| `remove-lock/f/1` | a \\|\\| b is not locked | a claim, broken | explorer | data_race |\n"
        "<!-- mutants: end -->\nProved:\n<!-- mutants: proved -->\n- `relaxed/f/1`: the load is relaxed\n\n"
        "Nobody can tell.\n<!-- mutants: end -->\nThe end.\n");
  const auto read = kills_on(page);
  REQUIRE(read.size() == 1);
  CHECK(read.at("remove-lock/f/1").test == "a claim, broken");
  CHECK(read.at("remove-lock/f/1").judge == "explorer");
  CHECK(read.at("remove-lock/f/1").verdict == "data_race");
  CHECK(faults_of(page, two_mutants(), proofs, {"a claim, broken"}).empty());
}

TEST_CASE("a page that fell behind is told in what", "[mutants]") {
  using Faults = std::vector<std::string>;
  const std::string page = with_tables(empty_page, two_mutants(), kills, proofs);
  CHECK(faults_of(page, two_mutants(), proofs, {}) == Faults{"there is no test \"a claim, broken\""});
  CHECK(faults_of(empty_page, two_mutants(), proofs, {}) ==
        Faults{"remove-lock/f/1 (a || b is not locked) is neither killed nor proved",
               "the tables are not what they are made from"});
  auto renamed = two_mutants();
  renamed[0].id = "remove-lock/g/1";
  CHECK(faults_of(page, renamed, proofs, {"a claim, broken"}) ==
        Faults{"remove-lock/g/1 (a || b is not locked) is neither killed nor proved",
               "remove-lock/f/1 is no mutant any more", "the tables are not what they are made from"});
  CHECK_THROWS(kills_on("# A page without marks\n"));
}

TEST_CASE("the tests of a file are found by their names", "[mutants]") {
  CHECK(
      tests_in(
          "TEST_CASE(\"a\", \"[x]\") {}\nCONCURRENT_CLAIM(\"b, c\", \"\",\n .rounds = 1) {}\n// TEST_CASE(\"d\")\n") ==
      std::vector<std::string>{"a", "b, c"});
}
