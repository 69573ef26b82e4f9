// A test's own bookkeeping: nobody sees it, and it lies in the run's heap all the same.
#include <pthread.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/explorer/scenarios/outcomes.hpp"
#include "tests/explorer/scenarios/threads.hpp"

using namespace lab::explorer;
using namespace lab::explorer::scenarios;
using Catch::Matchers::ContainsSubstring;

namespace {

int x;
std::vector<std::string>* history;
void (*write_down)(const char* what);

void write_seen(const char* what) { history->push_back(what); }
void write_unseen(const char* what) {
  unseen([&] { history->push_back(what); });
}

// Two threads that write into one history without a lock.
void keep_history() {
  history = new std::vector<std::string>;
  together([] { write_down("a history has entries that are longer than what a string keeps within itself"); },
           [] { write_down("and another one, which is of another length, written by the second thread"); });
  std::size_t length = 0;
  for (const std::string& entry : *history) length += entry.size();
  expect(history->size() == 2 && length == 76 + 73, "both entries are there");
  delete history;
}

}  // namespace

// Seen, the same is a race, and worse.
TEST_CASE("what is written unseen races with nothing, and is there after the joins", "[unseen]") {
  write_down = write_unseen;
  const Explored quiet = explored(keep_history, exhaustively(false));
  CHECK(quiet.findings.verdict == Verdict::passed);
  CHECK(quiet.findings.complete);
  CHECK(quiet.findings.runs == 3);  // who begins; and whether the end of the other is waited for
  write_down = write_seen;
  Options options;
  options.first_race = true;
  CHECK(explore(keep_history, options).verdict == Verdict::data_race);
}

TEST_CASE("what is done unseen is one instant without a point", "[unseen]") {
  static const auto increments = [] { ++x, ++x, ++x; };
  static bool hidden;
  const auto scenario = [] {
    x = 0;
    together([] { hidden ? unseen(increments) : increments(); }, [] { hidden ? unseen(increments) : increments(); });
    came_to(x);
  };
  const Options options = exhaustively(true);
  hidden = true;
  const Explored quiet = explored(scenario, options);
  CHECK(quiet.findings.verdict == Verdict::passed);
  CHECK(quiet.findings.races.empty());
  CHECK(quiet.outcomes == std::set<std::uint64_t>{6});
  hidden = false;
  const Explored seen = explored(scenario, options);
  CHECK(seen.findings.verdict == Verdict::data_race);
  CHECK(seen.outcomes == std::set<std::uint64_t>{2, 3, 4, 5, 6});
}

TEST_CASE("what is done unseen counts as no access", "[unseen]") {
  const auto scenario = [] {
    const std::uint64_t begin = accesses();
    unseen([] {
      unseen([] { x = 1; });
      x = 2, x = 3, x = 4;
    });
    const std::uint64_t middle = accesses();
    x = 5, x = 6, x = 7;
    came_to(accesses() - middle, middle - begin < 10);
  };
  CHECK(explored(scenario, {}).outcomes == std::set<std::uint64_t>{31});
}

TEST_CASE("a scenario that allocates unseen and frees seen leaves nothing behind", "[unseen]") {
  static bool frees;
  const auto scenario = [] {
    int* block = nullptr;
    unseen([&] { block = static_cast<int*>(std::calloc(1000, sizeof(int))); });
    block[999] = 1;
    unseen([&] { block = static_cast<int*>(std::realloc(block, 2000 * sizeof(int))); });
    expect(block[999] == 1, "what was moved is the same");
    if (frees) std::free(block);
    together([] { ++x; }, [] { ++x; });
  };
  for (const bool all : {true, false}) {
    frees = all;
    const Plan plan;
    CHECK(replay(scenario, plan).exchange->log.live_blocks == (all ? 0u : 1u));
  }
}

TEST_CASE("a block that is freed unseen is not to be used any more", "[unseen]") {
  const auto scenario = [] {
    int* block = new int(1);
    unseen([&] { delete block; });
    x = *block;
  };
  CHECK(explore(scenario).verdict == Verdict::use_after_free);
}

TEST_CASE("what is thrown unseen goes through, and all is seen again", "[unseen]") {
  const auto scenario = [] {
    try {
      unseen([] { throw std::runtime_error("no more"); });
    } catch (const std::runtime_error&) {
      together([] { x = 1; }, [] { x = 2; });
    }
  };
  CHECK(explore(scenario).verdict == Verdict::data_race);
}

TEST_CASE("an expectation may be unseen", "[unseen]") {
  const Findings findings = explore([] { unseen([] { expect(x == 3, "three is a crowd"); }); });
  CHECK(findings.verdict == Verdict::assertion);
  CHECK_THAT(findings.message, ContainsSubstring("three is a crowd"));
}

TEST_CASE("outside of a run unseen calls, and nothing is counted", "[unseen]") {
  int calls = 0;
  unseen([&] { ++calls; });
  CHECK(calls == 1);
  CHECK(accesses() == 0);
  note_holds();
  CHECK(noted_holds().empty());
  CHECK(!stopped());
}
