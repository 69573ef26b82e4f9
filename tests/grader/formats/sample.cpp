#include "tests/grader/formats/sample.hpp"

#include <array>
#include <string_view>

namespace lab::grader::formats::samples {
namespace {

using nlohmann::json;

json passed_evidence(const std::string& test, int points) {
  return {{"judge", "explorer"},  {"test", test},
          {"verdict", "passed"},  {"summary", nullptr},
          {"expected", nullptr},  {"location", nullptr},
          {"replay", nullptr},    {"runs", 212},
          {"exhaustive", true},   {"points", points},
          {"points_max", points}, {"scored", true},
          {"advice", nullptr},    {"account", json::array()}};
}

json failed_evidence(const std::string& test, const std::string& verdict, int points_max) {
  return {{"judge", "explorer"},
          {"test", test},
          {"verdict", verdict},
          {"summary", "the session has 1 key, and 2 were set"},
          {"expected", "alice's session keeps every key that her requests have set"},
          {"location", "session_manager.cpp:57"},
          {"replay", "01.1/1:2.3.1"},
          {"runs", 8},
          {"exhaustive", false},
          {"points", 0},
          {"points_max", points_max},
          {"scored", true},
          {"advice", nullptr},
          {"account", {"      thread 1                thread 2", "   1  57  changed = stored;"}}};
}

json exercise(const std::string& id, const std::string& bug, const std::string& name, const std::string& title,
              const std::string& verdict, int points, int points_max, json evidence) {
  return {{"id", id},
          {"bug", bug},
          {"name", name},
          {"title", title},
          {"verdict", verdict},
          {"points", points},
          {"points_max", points_max},
          {"reasons", json::array()},
          {"also_seen", json::array()},
          {"mended_by", nullptr},
          {"evidence", std::move(evidence)}};
}

template <typename T, std::size_t N>
T one_of(std::mt19937_64& random, const std::array<T, N>& all) {
  return all[random() % N];
}

bool happens(std::mt19937_64& random, unsigned in) { return random() % in == 0; }

json hostile_number(std::mt19937_64& random) {
  switch (random() % 8) {
    case 0:
      return -1;
    case 1:
      return 1e308;
    case 2:
      return std::numeric_limits<std::uint64_t>::max();
    case 3:
      return 0.1;
    case 4:
      return std::numeric_limits<double>::infinity();
    case 5:
      return std::numeric_limits<double>::quiet_NaN();
    default:
      return random() % 1000;
  }
}

json text_or_null(std::mt19937_64& random) { return happens(random, 4) ? json(nullptr) : json(hostile_text(random)); }

json texts(std::mt19937_64& random) {
  json all = json::array();
  while (!happens(random, 3)) all.push_back(hostile_text(random));
  return all;
}

json hostile_evidence(std::mt19937_64& random) {
  const std::array<const char*, 8> verdicts{"passed",   "passed",          "assertion", "data_race",
                                            "deadlock", "could_not_judge", "skipped",   ""};
  const std::array<const char*, 4> judges{"explorer", "tsan", "model", "stress"};
  json made{{"judge", happens(random, 9) ? hostile_text(random) : one_of(random, judges)},
            {"test", hostile_text(random)},
            {"verdict", happens(random, 9) ? hostile_text(random) : one_of(random, verdicts)},
            {"summary", text_or_null(random)},
            {"expected", text_or_null(random)},
            {"location", happens(random, 2) ? json("session_manager.cpp:57") : text_or_null(random)},
            {"replay", text_or_null(random)},
            {"runs", hostile_number(random)},
            {"exhaustive", happens(random, 2)},
            {"points", random() % 5},
            {"points_max", random() % 5},
            {"scored", !happens(random, 4)},
            {"advice", text_or_null(random)},
            {"account", texts(random)}};
  return made;
}

// Takes a field away, or gives it a wrong type. Of what the sums are made of it takes nothing.
void damage(json& object, std::mt19937_64& random) {
  if (!object.is_object() || object.empty() || !happens(random, 6)) return;
  auto field = object.begin();
  std::advance(field, static_cast<std::ptrdiff_t>(random() % object.size()));
  for (const std::string_view kept : {"points", "points_max", "verdict", "exercises", "id"}) {
    if (field.key() == kept) return;
  }
  switch (random() % 4) {
    case 0:
      object.erase(field);
      break;
    case 1:
      *field = json::object({{"<script>", 1}});
      break;
    case 2:
      *field = json::array({1, nullptr, "]]>"});
      break;
    default:
      *field = -7;
      break;
  }
}

}  // namespace

json small() {
  json report{{"schema", 1},
              {"subject", "alice.zip"},
              {"verdict", "failed"},
              {"points", 12},
              {"points_max", 16},
              {"seconds", 21.4},
              {"tier", 1},
              {"seed", 123456},
              {"reasons", json::array()},
              {"warnings", json::array()}};
  report["judges"] = {{{"judge", "build"}, {"verdict", "passed"}, {"reason", nullptr}, {"runs", 1}, {"seconds", 1.5}}};
  report["exercises"] = {
      exercise("01", "B1", "lost-update", "Lost update", "failed", 4, 8,
               {failed_evidence("updates are all kept", "assertion", 4), passed_evidence("a revocation stays", 4)}),
      exercise("02", "B2", "lost-increment", "Lost increment", "passed", 8, 8,
               json::array({passed_evidence("clicks are counted", 8)}))};
  return report;
}

json small_unjudged() {
  json report = small();
  report["verdict"] = "could_not_judge";
  report["points"] = 4;
  report["reasons"] = {"The explorer's canary was not found."};
  json& second = report["exercises"][1];
  second["verdict"] = "could_not_judge";
  second["points"] = 0;
  second["reasons"] = {"The explorer ended early."};
  second["evidence"] = json::array();
  return report;
}

json whole() {
  json report{{"schema", 1},  {"subject", "alice.zip"}, {"verdict", "failed"},
              {"points", 72}, {"points_max", 100},      {"seconds", 21.4},
              {"tier", 1},    {"seed", 123456},         {"reasons", json::array()}};
  const auto judge = [](const char* name, const char* verdict, json reason, int runs, double seconds) {
    return json{
        {"judge", name}, {"verdict", verdict}, {"reason", std::move(reason)}, {"runs", runs}, {"seconds", seconds}};
  };
  report["judges"] = {
      judge("screen", "passed", nullptr, 1, 0.1),
      judge("build", "passed", nullptr, 2, 6.2),
      judge("one_thread", "passed", nullptr, 1, 0.6),
      judge("explorer", "failed", nullptr, 3120, 9.8),
      judge("model", "passed", nullptr, 400, 2.5),
      judge("tsan", "could_not_judge",
            "ThreadSanitizer does not start here: addresses are randomised in more than 28 bits.", 0, 0.2),
      judge("asan", "skipped", nullptr, 0, 0),
      judge("stress", "passed", nullptr, 20, 2.1)};
  report["warnings"] = {
      {{"compiler", "clang++"},
       {"text",
        "session_manager.cpp:12:8: warning: unused variable 'guard' [-Wunused-variable]\n  auto guard = 3;\n       ^"}},
      {{"compiler", "g++"},
       {"text", "session_manager.cpp:12:8: warning: unused variable ‘guard’ [-Wunused-variable]"}}};
  json lost = failed_evidence("concurrent updates of distinct keys are all kept", "assertion", 4);
  lost["expected"] =
      "alice's session keeps every key that her requests have set, and its row in the database has them too";
  lost["summary"] = "after both updates the session holds cart=2 and no theme";
  lost["location"] = "session_manager.cpp:112";
  lost["replay"] = "01.1/1:2x7.1x12.2x31";
  lost["advice"] =
      "The copy is changed under no lock. A second look at the version before the write makes the window smaller, and "
      "does not close it.";
  lost["account"] = {
      "      thread 1                                        thread 2",
      "   1  102  ReaderLock lock(store_mutex_);",
      "      locks lock A shared",
      "   2  105  changed = place->second;",
      "      reads 12 shared words",
      "  -- thread 2 takes over from thread 1, which could have gone on -----------------------------------",
      "   3                                                  102  ReaderLock lock(store_mutex_);",
      "                                                      locks lock A shared",
      "   4                                                  105  changed = place->second;",
      "                                                      reads 7 shared words",
      "  -- thread 1 takes over ---------------------------------------------------------------------------",
      "   5  109  WriterLock lock(store_mutex_);",
      "      locks lock A"};
  json shown = failed_evidence("everything at once", "data_race", 0);
  shown["judge"] = "tsan";
  shown["scored"] = false;
  shown["summary"] = "ThreadSanitizer reports a race inside std::timed_mutex, which the explorer does not confirm";
  shown["expected"] = nullptr;
  shown["replay"] = nullptr;
  shown["runs"] = 3;
  shown["account"] = {
      "WARNING: ThreadSanitizer: data race (pid=4711)",
      "  Write of size 8 at 0x7b1c00000ff0 by thread T2:", "    #0 lab::Manager::expire_idle session_manager.cpp:255"};
  json dead = failed_evidence("two merges in opposite directions end", "deadlock", 9);
  dead["summary"] = "thread 1 waits for lock B, which thread 2 holds; thread 2 waits for lock A, which thread 1 holds";
  dead["expected"] = "two tabs that merge the same two sessions both get an answer";
  dead["location"] = "session_manager.cpp:341";
  dead["account"] = json::array();
  const auto held = [](const char* claim, int points) { return json::array({passed_evidence(claim, points)}); };
  report["exercises"] = {
      exercise("01", "B1", "lost-update", "Lost update", "failed", 4, 8,
               {lost, passed_evidence("an update does not undo a revocation", 4), shown}),
      exercise("02", "B2", "lost-increment", "Lost increment", "passed", 8, 8,
               held("no two increments return the same number", 8)),
      exercise("03", "B3", "stale-refresh", "Stale refresh", "passed", 8, 8,
               held("an update beside a refresh is kept", 8)),
      exercise("04", "B4", "cleanup-leak", "Cleanup leak", "passed", 8, 8,
               held("a sweep removes every session that is due", 8)),
      exercise("05", "B5", "phantom-session", "Phantom session", "passed", 8, 8,
               held("an ended session stays ended", 8)),
      exercise("06", "B6", "torn-statistics", "Torn statistics", "passed", 8, 8,
               held("the numbers of one report belong together", 8)),
      exercise("07", "B7", "random-logout", "Random logout", "passed", 8, 8,
               held("a sweep removes no session that was used in time", 8)),
      exercise("08", "B8", "resurrection", "Resurrection", "passed", 8, 8, held("a logout is final", 8)),
      exercise("09", "B9", "deadlock", "Deadlock", "failed", 0, 9, json::array({dead})),
      exercise("10", "B10", "lost-wakeup", "Lost wakeup", "passed", 9, 9, held("a stop ends the worker", 9)),
      exercise("11", "B11", "lazy-instance", "Lazy instance", "passed", 3, 3, held("all threads get one instance", 3)),
      exercise("12", "C12", "independence", "Independence", "failed", 0, 15,
               held("two sessions do not wait for each other", 0))};
  report["exercises"][0]["also_seen"] = {"06"};
  report["exercises"][7]["mended_by"] = "01";
  report["exercises"][11]["reasons"] = {
      "The one-thread test “an expired session is not found” held on the handout and fails now, so this exercise earns "
      "nothing."};
  return report;
}

std::string hostile_text(std::mt19937_64& random) {
  static const std::array<std::string, 34> pieces{"<script>alert(1)</script>",
                                                  "</script>",
                                                  "]]>",
                                                  "<![CDATA[",
                                                  "-->",
                                                  "<!--",
                                                  "\"",
                                                  "'",
                                                  "&amp;",
                                                  "&",
                                                  "&#0;",
                                                  "<?xml?>",
                                                  std::string("\0", 1),
                                                  "\x01\x08\x0b\x0c\x1b[31m",
                                                  "\x7f",
                                                  "\r\n",
                                                  "\r",
                                                  "\n",
                                                  "\t",
                                                  "\xff\xfe",
                                                  "\xc3",
                                                  "\xed\xa0\x80",
                                                  "\xf4\x90\x80\x80",
                                                  "\xef\xbf\xbe",
                                                  "\xe2\x80\xae",
                                                  "\xc2\x85",
                                                  "héllo – ✓",
                                                  "=HYPERLINK(\"http://x\")",
                                                  "+1",
                                                  "@SUM(1)",
                                                  "-2+3",
                                                  ",;",
                                                  "{0} [a](http://x)",
                                                  "plain words"};
  std::string text;
  do {
    text += one_of(random, pieces);
  } while (!happens(random, 4));
  if (happens(random, 1500)) {
    const std::string piece = text;
    const std::size_t length = random() % 100'000;
    while (text.size() < length) text += piece;
  }
  return text;
}

json hostile(std::mt19937_64& random) {
  const std::array<const char*, 4> verdicts{"passed", "failed", "could_not_judge", "skipped"};
  const std::array<const char*, 4> judges{"screen", "build", "explorer", "tsan"};
  json report{{"schema", 1},
              {"subject", hostile_text(random)},
              {"seconds", hostile_number(random)},
              {"tier", random() % 4},
              {"seed", hostile_number(random)},
              {"reasons", texts(random)},
              {"judges", json::array()},
              {"warnings", json::array()},
              {"exercises", json::array()}};
  while (!happens(random, 3)) {
    report["judges"].push_back({{"judge", happens(random, 5) ? hostile_text(random) : one_of(random, judges)},
                                {"verdict", one_of(random, verdicts)},
                                {"reason", text_or_null(random)},
                                {"runs", hostile_number(random)},
                                {"seconds", hostile_number(random)}});
  }
  while (!happens(random, 3)) {
    report["warnings"].push_back(
        {{"compiler", hostile_text(random)},
         {"text", (happens(random, 2) ? "session_manager.cpp:1:2: warning: " : "") + hostile_text(random)}});
  }
  std::uint64_t points = 0;
  std::uint64_t points_max = 0;
  bool unjudged = happens(random, 8);
  bool all_passed = true;
  const std::uint64_t exercises = random() % 6;
  for (std::uint64_t i = 0; i < exercises; ++i) {
    const std::string verdict = one_of(random, verdicts);
    const std::uint64_t most = random() % 10;
    const std::uint64_t earned = verdict == "passed" ? most : verdict == "failed" ? random() % (most + 1) : 0;
    json one{{"id", happens(random, 9) ? hostile_text(random) : "0" + std::to_string(i + 1)},
             {"bug", happens(random, 9) ? hostile_text(random) : "B" + std::to_string(i + 1)},
             {"name", hostile_text(random)},
             {"title", text_or_null(random)},
             {"verdict", verdict},
             {"points", earned},
             {"points_max", most},
             {"reasons", texts(random)},
             {"also_seen", texts(random)},
             {"mended_by", text_or_null(random)},
             {"evidence", json::array()}};
    while (!happens(random, 3)) {
      one["evidence"].push_back(hostile_evidence(random));
      damage(one["evidence"].back(), random);
    }
    damage(one, random);
    points += earned;
    points_max += most;
    unjudged = unjudged || verdict == "could_not_judge";
    all_passed = all_passed && verdict == "passed";
    report["exercises"].push_back(std::move(one));
  }
  report["verdict"] = unjudged ? "could_not_judge" : all_passed ? "passed" : "failed";
  report["points"] = points;
  report["points_max"] = points_max;
  damage(report, random);
  return report;
}

}  // namespace lab::grader::formats::samples
