// The reader of the index: what it takes, and the sentence with which it refuses the rest.
#include "tools/exercises/index.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "tests/support/folder.hpp"
#include "tools/exercises/evidence.hpp"

using namespace lab::exercises;

namespace {

Index ours() { return read_index(LAB_INDEX).value(); }

using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("the index that is handed out has no fault") {
  const auto index = read_index(LAB_INDEX);
  REQUIRE(index);
  CHECK(index->exercises.size() == 12);
  CHECK(index->with_id("01")->bug == "B1");
  CHECK(index->with_id("01")->also_mends == std::vector<std::string>{"08"});
  CHECK(index->with_bug("C12")->id == "12");
  CHECK(index->with_claim("an update brings no deleted session back")->id == "08");
  CHECK(index->with_claim("a stale copy stays if the database's is not newer")->id == "03");
  CHECK(index->with_id("13") == nullptr);
  CHECK(index->with_bug("B12") == nullptr);
  CHECK(index->with_claim("") == nullptr);
  CHECK(index->expected_of("merges round a ring of three finish").starts_with("three merges in a circle"));
  CHECK(index->expected_of(generated_claim).starts_with("the answers are those of the same operations"));
  CHECK(index->expected_of("a test of the gate") == "what the claim says, as it holds in the handout");
}

TEST_CASE("of the gate those tests are run that can fail who is asked for") {
  Index index;
  index.gate = "[one-thread]~[B3]";
  Exercise first, second;
  first.clauses = {"C3", "C9"};
  second.clauses = {"C3", "C12"};
  index.exercises = {first, second};
  CHECK(index.gate_for({&index.exercises[0]}) ==
        "[one-thread]~[B3]~[C12]~[C3]~[C9],[one-thread]~[B3][C3],[one-thread]~[B3][C9]");
  CHECK(index.gate_for({&index.exercises[0], &index.exercises[1]}) == "[one-thread]~[B3]");
  CHECK(index.gate_for({}) == "[one-thread]~[B3]~[C12]~[C3]~[C9]");
}

TEST_CASE("each fault of an index is told") {
  Index index = ours();
  SECTION("an exercise is missing") {
    index.exercises.pop_back();
    CHECK(faults_of(index) == Faults{"there are 11 exercises, not 12", "the points sum to 88, not to 100"});
  }
  SECTION("two are exchanged") {
    std::swap(index.exercises[1], index.exercises[2]);
    CHECK(faults_of(index) == Faults{"exercise 03 stands where 02 belongs", "exercise 03 is of B3, not of B2",
                                     "exercise 02 stands where 03 belongs", "exercise 02 is of B2, not of B3"});
  }
  SECTION("one has no name") {
    index.exercises[0].name.clear();
    CHECK(faults_of(index) == Faults{"exercise 01 has no name"});
  }
  SECTION("one earns nothing") {
    index.exercises[1].points += index.exercises[0].points;
    index.exercises[0].points = 0;
    CHECK(faults_of(index) == Faults{"exercise 01 earns nothing"});
  }
  SECTION("the points are too many") {
    ++index.exercises[0].points;
    CHECK(faults_of(index) == Faults{"the points sum to 101, not to 100"});
  }
  SECTION("one has no claim") {
    index.exercises[9].explored.clear();
    index.exercises[9].one_thread.clear();
    CHECK(faults_of(index) == Faults{"exercise 10 has no claim"});
  }
  SECTION("a claim is in two") {
    index.exercises[9].one_thread = {"an update brings no deleted session back"};
    index.exercises[9].expects["an update brings no deleted session back"] = "it stays deleted";
    CHECK(faults_of(index) == Faults{"two exercises list \"an update brings no deleted session back\""});
  }
  SECTION("what people read is missing") {
    index.exercises[0].title.clear();
    index.exercises[0].teaches.clear();
    index.exercises[0].minutes = 0;
    index.exercises[0].hints = 2;
    index.exercises[0].clauses.clear();
    CHECK(faults_of(index) == Faults{"exercise 01 has no title", "exercise 01 teaches nothing",
                                     "exercise 01 takes no time", "exercise 01 has fewer than three hints",
                                     "exercise 01 has no clause"});
  }
  SECTION("a claim expects nothing") {
    index.exercises[9].expects.clear();
    CHECK(faults_of(index) ==
          Faults{"exercise 10 does not say what \"stop returns though no clock advances\" expects"});
  }
  SECTION("a verdict means nothing, or is none of a failure") {
    index.exercises[8].means = {{"deadlock", ""}, {"passed", "all is well"}};
    CHECK(faults_of(index) == Faults{"exercise 09 does not say what the verdict \"deadlock\" means",
                                     "exercise 09 does not say what the verdict \"passed\" means"});
  }
  SECTION("what any exercise's verdict means is left open") {
    index.means["deadlock"].clear();
    CHECK(faults_of(index) == Faults{"the index does not say what the verdict \"deadlock\" means"});
  }
  SECTION("there is no gate") {
    index.gate.clear();
    CHECK(faults_of(index) == Faults{"there is no gate"});
  }
  SECTION("one mends itself as well, or what there is not") {
    index.exercises[0].also_mends = {"01", "13", "08"};
    CHECK(faults_of(index) == Faults{"exercise 01 can't mend \"01\" as well", "exercise 01 can't mend \"13\" as well"});
  }
}

TEST_CASE("a file that is no index is refused with a sentence") {
  const lab::test::Folder folder;
  const std::string file = (folder.path() / "index.json").string();
  CHECK(read_index(file).error() == "can't read " + file);
  std::ofstream(file) << R"({ "schema": 2, "exercises": [] })";
  CHECK(read_index(file).error() == file + " is not of schema 1");
  std::ofstream(file) << R"({ "schema": 1, "gate": "[a]", "exercises": [] })";
  CHECK(read_index(file).error() == file + ": there are 0 exercises, not 12");
  std::ofstream(file) << R"({ "schema": 1, "gate": "[a]", "exercises": [ { "id": 1 } ] })";
  CHECK(read_index(file).error().starts_with(file + ": "));
  std::ofstream(file) << "[";
  CHECK(read_index(file).error().starts_with(file + ": "));
}
