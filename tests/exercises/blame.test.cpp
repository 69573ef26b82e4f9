// The rule of blame, on made-up evidence: what fails an exercise, and what does not.
#include "tools/exercises/blame.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace lab::exercises;

namespace {

Exercise exercise(const std::string& id, const std::string& bug, const std::string& clause,
                  std::vector<std::string> explored) {
  Exercise made;
  made.id = id;
  made.bug = bug;
  made.clauses = {clause};
  made.explored = std::move(explored);
  return made;
}

const Index& four() {
  static const Index index{
      "[one-thread]",
      {exercise("02", "B2", "C4", {"increments"}), exercise("06", "B6", "C6", {"gets"}),
       exercise("07", "B7", "C10", {"sweep", "logout"}), exercise("11", "B11", "C14", {"instance"})}};
  return index;
}

const Place nowhere{};
const Place hits{"lab::Manager::get_session", "++(asked ? cache_misses_ : cache_hits_);", "session_manager.cpp:75"};
const Place stats{"lab::Manager::get_stats", "stats.cache_hits = cache_hits_;", "session_manager.cpp:313"};
const Place own{"lab::Manager::expire_idle", "cached.idle = true;", "session_manager.cpp:255"};
const Place increment{"lab::Manager::increment_access", "std::uint64_t count = session->data.access_count + 1;",
                      "session_manager.cpp:133"};
const Place pointer{"lab::process_instance", "if (instance == nullptr) {", "session_manager.cpp:502"};
const Place create{"lab::Manager::create_session", "adopt(store_[id], std::move(row), now);", "session_manager.cpp:51"};

Finding found(const std::string& claim, const std::string& verdict, std::vector<RacingPair> races = {}) {
  return {claim, verdict, verdict == "passed" ? "" : "it is so", "", std::move(races)};
}

// As the handout is found: B6's pair by B6's claim, and what follows from B11 by B11's.
HandoutRaces handout() {
  return races_of_handout(four(), {found("gets", "assertion", {{hits, hits}, {stats, hits}}),
                                   found("increments", "assertion", {{own, increment}}),
                                   found("instance", "data_race", {{pointer, pointer}, {create, nowhere}})});
}

std::vector<std::string> blamed(const Finding& finding) {
  std::vector<std::string> ids;
  for (const Blame& one : blame(four(), handout(), finding)) ids.push_back(one.exercise);
  return ids;
}

using Ids = std::vector<std::string>;

const Judged& of(const std::vector<Judged>& all, const std::string& id) {
  for (const Judged& one : all) {
    if (one.exercise == id) return one;
  }
  throw std::logic_error("no exercise " + id);
}

}  // namespace

TEST_CASE("a claim that passes fails nobody") { CHECK(blamed(found("sweep", "passed")).empty()); }

TEST_CASE("a wrong outcome, a deadlock or a crash fails the exercise whose claim found it") {
  for (const char* verdict :
       {"assertion", "deadlock", "livelock", "crash", "exception", "use_after_free", "a word of a later version"}) {
    INFO(verdict);
    CHECK(blamed(found("sweep", verdict)) == Ids{"07"});
  }
}

TEST_CASE("what could not be judged fails nobody") {
  CHECK(blamed(found("sweep", "could_not_judge")).empty());
  CHECK(blamed(found("sweep", "nondeterministic")).empty());
}

TEST_CASE("a race in which an increment takes part fails B2's exercise, whoever finds it") {
  CHECK(blamed(found("sweep", "data_race", {{own, increment}})) == Ids{"02"});
  CHECK(blamed(found("sweep", "data_race", {{increment, nowhere}})) == Ids{"02"});
  CHECK(blamed(found("instance", "data_race", {{increment, pointer}})) == Ids{"02"});
}

TEST_CASE("a race in which process_instance takes part fails B11's exercise, whoever finds it") {
  CHECK(blamed(found("sweep", "data_race", {{pointer, own}})) == Ids{"11"});
}

TEST_CASE("a pair that races in the handout fails B6's exercise, whichever access came first") {
  CHECK(blamed(found("sweep", "data_race", {{hits, stats}})) == Ids{"06"});
  CHECK(blamed(found("sweep", "data_race", {{stats, hits}})) == Ids{"06"});
}

TEST_CASE("a pair that moved to another line is still the handout's") {
  Place moved = hits;
  moved.location = "session_manager.cpp:99";
  CHECK(blamed(found("sweep", "data_race", {{moved, moved}})) == Ids{"06"});
}

TEST_CASE("a pair that the handout does not have fails the exercise whose claim found it") {
  CHECK(blamed(found("sweep", "data_race", {{own, own}})) == Ids{"07"});
  CHECK(blamed(found("sweep", "data_race", {{stats, stats}})) == Ids{"07"});  // each place alone is the handout's
  Place edited = hits;
  edited.text = "cache_hits_ += 1;";
  CHECK(blamed(found("sweep", "data_race", {{edited, edited}})) == Ids{"07"});
}

TEST_CASE("a pair of which one line was changed is still the handout's, in the same two functions") {
  Place edited = hits;
  edited.text = "++(found ? cache_hits_ : cache_misses_);";
  CHECK(blamed(found("sweep", "data_race", {{stats, edited}})) == Ids{"06"});
  CHECK(blamed(found("sweep", "data_race", {{edited, stats}})) == Ids{"06"});
  edited.function = own.function;
  CHECK(blamed(found("sweep", "data_race", {{stats, edited}})) == Ids{"07"});
  CHECK(blamed(found("sweep", "data_race", {{stats, nowhere}})) == Ids{"07"});
}

TEST_CASE("a pair of which no access is in the implementation fails the exercise whose claim found it") {
  const HandoutRaces known = races_of_handout(four(), {found("gets", "data_race", {{nowhere, nowhere}})});
  CHECK(known.empty());
  CHECK(blamed(found("sweep", "data_race", {{nowhere, nowhere}})) == Ids{"07"});
}

TEST_CASE("what only B11's claim finds in the handout is B11's, and no excuse to another claim") {
  CHECK(blamed(found("instance", "data_race", {{create, nowhere}})) == Ids{"11"});
  CHECK(blamed(found("sweep", "data_race", {{create, nowhere}})) == Ids{"07"});
}

TEST_CASE("B6's pair is B6's in B11's claim too") {
  CHECK(blamed(found("instance", "data_race", {{hits, hits}})) == Ids{"06"});
}

TEST_CASE("a data race of which no pair is known fails the exercise whose claim found it") {
  CHECK(blamed(found("sweep", "data_race")) == Ids{"07"});
}

TEST_CASE("each race of a finding is blamed for itself, and each exercise once") {
  CHECK(blamed(found("sweep", "assertion", {{hits, hits}, {stats, hits}, {own, increment}, {own, own}})) ==
        Ids{"07", "06", "02"});
}

TEST_CASE("a claim that no exercise lists fails none by its verdict") {
  CHECK(blamed(found("unlisted", "assertion")).empty());
  CHECK(blamed(found("unlisted", "data_race", {{own, own}})).empty());
  CHECK(blamed(found("unlisted", "data_race", {{hits, hits}})) == Ids{"06"});
}

TEST_CASE("a reason says which claim, what and where") {
  const auto blames = blame(four(), handout(), found("sweep", "data_race", {{own, nowhere}}));
  REQUIRE(blames.size() == 1);
  CHECK(blames[0].reason ==
        "\"sweep\": data race between session_manager.cpp:255 (lab::Manager::expire_idle) and code outside the "
        "implementation");
  CHECK(blame(four(), handout(), found("sweep", "assertion")).at(0).reason == "\"sweep\": it is so");
}

TEST_CASE("an exercise passes although its claim meets another's bug, which is named") {
  const auto all = judge(four(), handout(), {found("sweep", "data_race", {{hits, stats}}), found("logout", "passed")});
  CHECK(of(all, "07").standing == Standing::passed);
  CHECK(of(all, "07").also_seen == Ids{"06"});
  CHECK(of(all, "06").standing == Standing::failed);
  CHECK(of(all, "02").standing == Standing::skipped);
}

TEST_CASE("an exercise whose own claims all pass fails by what another's claim finds of its bug") {
  const auto all =
      judge(four(), handout(),
            {found("gets", "passed"), found("sweep", "assertion", {{hits, hits}}), found("logout", "passed")});
  CHECK(of(all, "06").standing == Standing::failed);
  CHECK(of(all, "06").reasons.at(0).starts_with("\"sweep\": data race"));
  CHECK(of(all, "07").standing == Standing::failed);
  CHECK(of(all, "07").also_seen == Ids{"06"});
}

TEST_CASE("an exercise passes only if each of its claims was tried and judged") {
  CHECK(of(judge(four(), {}, {found("sweep", "passed"), found("logout", "passed")}), "07").standing ==
        Standing::passed);
  CHECK(of(judge(four(), {}, {found("sweep", "passed")}), "07").standing == Standing::could_not_judge);
  CHECK(of(judge(four(), {}, {found("sweep", "passed"), found("logout", "could_not_judge")}), "07").standing ==
        Standing::could_not_judge);
  CHECK(of(judge(four(), {}, {found("sweep", "assertion"), found("logout", "could_not_judge")}), "07").standing ==
        Standing::failed);
  CHECK(of(judge(four(), {}, {}), "07").standing == Standing::skipped);
}

TEST_CASE("a test of the gate fails the exercises whose clause it tests, and all if it is of none's") {
  Finding of_gate = found("an idle session is not found", "assertion");
  of_gate.judge = "stress";
  of_gate.tags = "[one-thread][C10][C4]";
  CHECK(blamed(of_gate) == Ids{"02", "07"});
  of_gate.tags = "[one-thread][C1]";
  CHECK(blamed(of_gate) == Ids{"02", "06", "07", "11"});
  of_gate.tags = "";
  of_gate.claim = "[one-thread]";
  CHECK(blamed(of_gate) == Ids{"02", "06", "07", "11"});
  of_gate.verdict = "passed";
  CHECK(blamed(of_gate).empty());
  of_gate.verdict = "could_not_judge";
  CHECK(blamed(of_gate).empty());
}

TEST_CASE("who stands on a test of the gate that was not judged is not judged either") {
  const auto gate = [](const std::string& tags) {
    Finding finding = found("a test", "could_not_judge");
    finding.judge = "stress";
    finding.tags = tags;
    return finding;
  };
  std::vector<Finding> all{found("increments", "passed"), found("gets", "assertion"), found("sweep", "passed"),
                           found("logout", "passed"), gate("[one-thread][C10]")};
  const std::vector<Judged> some = judge(four(), handout(), all);
  CHECK(of(some, "02").standing == Standing::passed);
  CHECK(of(some, "07").standing == Standing::could_not_judge);
  CHECK(of(some, "07").reasons == Ids{"\"a test\": it is so"});
  all.back() = gate("");
  const std::vector<Judged> none = judge(four(), handout(), all);
  CHECK(of(none, "02").standing == Standing::could_not_judge);
  CHECK(of(none, "06").standing == Standing::failed);
  CHECK(of(none, "11").standing == Standing::skipped);
}

TEST_CASE("a copy that does not compile fails all") {
  CHECK(blamed(refusal_of("session_manager.cpp:1:1: error: expected ';'")) == Ids{"02", "06", "07", "11"});
}

TEST_CASE("an exercise whose own claims hold is red if a test of its gate fails") {
  Finding of_gate = found("an idle session is not found", "assertion");
  of_gate.judge = "stress";
  of_gate.tags = "[C10]";
  const auto judged = judge(
      four(), handout(), {found("sweep", "passed"), found("logout", "passed"), of_gate, found("increments", "passed")});
  CHECK(of(judged, "07").standing == Standing::failed);
  CHECK(of(judged, "02").standing == Standing::passed);
}
