// The rules on tempting fixes: what their reader takes, what the matcher makes of code, and what both refuse. That a
// rule answers the fix that it is for, tempting.test.sh tries with the fix itself.
#include "tools/exercises/tempting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "tests/support/folder.hpp"
#include "tools/process/content.hpp"
#include "tools/process/process.hpp"

using namespace lab::exercises;
using lab::process::content_of;
using nlohmann::json;

namespace {

const std::string published = LAB_ROOT "/exercises/tempting.json";

std::string code_in(const std::filesystem::path& folder) {
  return content_of(folder / "session_manager.hpp") + "\n" + content_of(folder / "session_manager.cpp");
}

const std::string& handout() {
  static const std::string text = code_in(LAB_ROOT "/buggy");
  return text;
}

std::string with_patch(const std::filesystem::path& patch) {
  const lab::test::Folder folder;
  for (const char* const file : {"session_manager.hpp", "session_manager.cpp"})
    std::filesystem::copy_file(std::filesystem::path(LAB_ROOT "/buggy") / file, folder.path() / file);
  const auto ran = lab::process::run({.words = {"patch", "--quiet", "--strip=1", "--no-backup-if-mismatch",
                                                "--directory=" + folder.path().string(), "--input=" + patch.string()}});
  INFO(ran.output);
  REQUIRE(ran.ok());
  return code_in(folder.path());
}

std::vector<TemptingRule> ours() { return read_tempting(published).value(); }

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

Finding finding(const std::string& verdict, const std::string& summary) {
  Finding finding;
  finding.verdict = verdict;
  finding.summary = summary;
  finding.replay = "lab1-x";
  return finding;
}

// The reader's words on a file of that content, with FILE for its name.
std::string refusal(const std::string& text) {
  const lab::test::Folder folder;
  const std::string file = folder.path() / "tempting.json";
  std::ofstream(file) << text;
  const auto rules = read_tempting(file);
  REQUIRE_FALSE(rules);
  return replaced(rules.error(), file, "FILE");
}

json rule(const std::vector<json>& when) {
  return {{"name", "a"}, {"exercises", {"01"}}, {"when", when}, {"advice", "So it is."}};
}

std::string file_of(const std::vector<json>& rules) {
  return json{{"schema", 1}, {"functions", {{"01", {"f"}}}}, {"rules", rules}}.dump();
}

// Whether a rule of that one condition matches.
bool holds(const json& condition, const std::string& before, const std::string& after,
           const Finding& of = finding("assertion", "lost"), const std::string& exercise = "01") {
  const lab::test::Folder folder;
  const std::string file = folder.path() / "tempting.json";
  std::ofstream(file) << file_of({rule({condition})});
  return advice_for(read_tempting(file).value(), exercise, of, before, after) == "So it is.";
}

}  // namespace

TEST_CASE("a rule counts what the copy has more or less of than the handout") {
  const std::string before = "void f() { a; } void g() { a; }";
  CHECK(holds({{"more", "^a$"}}, before, "void f() { a; a; } void g() { a; }"));
  CHECK_FALSE(holds({{"more", "^a$"}}, before, "void f() { a; } void g() { a; b; }"));
  CHECK(holds({{"fewer", "^a$"}}, before, "void f() { a; } void g() {}"));
  CHECK_FALSE(holds({{"fewer", "^a$"}}, before, "void f() { a; b; } void g() { a; }"));
  CHECK(holds({{"has", "^a$"}}, before, "void f() { a; }"));
  CHECK_FALSE(holds({{"has", "^c$"}}, before, "void f() { a; }"));
}

TEST_CASE("comments and strings are no code to a rule") {
  CHECK_FALSE(holds({{"more", "sleep"}}, "void f() {}", "void f() { g(\"sleep\"); /* sleep */ }  // sleep"));
}

TEST_CASE("a rule looks into the functions that it names, and into what is new and called from there") {
  const std::string before = "void f() {} void g() {}";
  for (const json& place : {json::array({"f"}), json("exercise")}) {
    const json more = {{"more", "^a$"}, {"in", place}};
    CHECK(holds(more, before, "void f() { a; } void g() {}"));
    CHECK_FALSE(holds(more, before, "void f() {} void g() { a; }"));
    CHECK(holds(more, before, "void h() { a; } void i() { h(); } void f() { i(); } void g() {}"));
    CHECK_FALSE(holds(more, before, "void h() { a; } void f() {} void g() { h(); }"));
    CHECK_FALSE(holds(more, before, "void f() { g(); } void g() { a; }"));
    json alone = more;
    alone["alone"] = true;
    CHECK(holds(alone, before, "void f() { a; } void g() {}"));
    CHECK_FALSE(holds(alone, before, "void h() { a; } void f() { h(); } void g() {}"));
  }
}

TEST_CASE("what is taken for a scope is held to the end of its block") {
  const json held = {{"held", "Lock l"}, {"at", "^b$"}};
  CHECK(holds(held, "", "void f() { Lock l(m); b; }"));
  CHECK(holds(held, "", "void f() { Lock l(m); if (c) { b; } }"));
  CHECK_FALSE(holds(held, "", "void f() { { Lock l(m); } b; }"));
  CHECK_FALSE(holds(held, "", "void f() { b; Lock l(m); }"));
  CHECK_FALSE(holds(held, "", "void f() { Lock l(m); l.unlock(); b; }"));
}

TEST_CASE("a lock is one function's own if the handout has no such name and nobody else takes it") {
  const json own = {{"taken_only_in", {"f"}}};
  const std::string before = "void f() { MutexLock a(m_); } void g() {}";
  CHECK(holds(own, before, "void f() { MutexLock a(n_); } void g() {}"));
  CHECK(holds(own, before, "void f() { std::lock_guard<std::mutex> a{session->n}; } void g() {}"));
  CHECK(holds(own, before, "void f() { n_.lock(); } void g() {}"));
  CHECK_FALSE(holds(own, before, "void f() { MutexLock a(m_); b; } void g() {}"));
  CHECK_FALSE(holds(own, before, "void f() { MutexLock a(n_); } void g() { MutexLock a(n_); }"));
  CHECK_FALSE(holds(own, before, "void f() {} void g() { MutexLock a(n_); }"));
}

TEST_CASE("a rule asks for a verdict, a summary, a schedule and an exercise") {
  CHECK(holds({{"verdict", "assertion|deadlock"}}, "", "a;"));
  CHECK_FALSE(holds({{"verdict", "assert"}}, "", "a;"));
  CHECK(holds({{"summary", "^los"}}, "", "a;"));
  CHECK_FALSE(holds({{"summary", "found"}}, "", "a;"));
  CHECK(holds({{"schedule", true}}, "", "a;"));
  CHECK_FALSE(holds({{"schedule", true}}, "", "a;", Finding{}));
  CHECK(holds({{"exercise", "01"}}, "", "a;"));
  CHECK_FALSE(holds({{"exercise", "02"}}, "", "a;"));
  CHECK_FALSE(holds({{"verdict", "assertion"}}, "", "a;", finding("assertion", "lost"), "02"));  // no rule is for 02
}

TEST_CASE("conditions are put together") {
  const json yes = {{"has", "a"}}, no = {{"has", "b"}};
  CHECK(holds({{"any", {no, yes}}}, "", "a;"));
  CHECK_FALSE(holds({{"any", {no, no}}}, "", "a;"));
  CHECK(holds({{"all", {yes, yes}}}, "", "a;"));
  CHECK_FALSE(holds({{"all", {yes, no}}}, "", "a;"));
  CHECK(holds({{"not", no}}, "", "a;"));
  CHECK_FALSE(holds({{"not", yes}}, "", "a;"));
}

TEST_CASE("a copy without a change gets no advice, whatever its comments and spaces are") {
  CHECK_FALSE(holds({{"has", "a"}}, "a;", "a;"));
  CHECK_FALSE(holds({{"has", "a"}}, "a;", "  a ;  // why?\n"));
}

TEST_CASE("whatever the text is there is no advice and no crash") {
  const std::vector<TemptingRule> rules = ours();
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes += static_cast<char>(i * 7919 >> 3);
  std::string many = handout();
  for (int i = 0; i < 20'000; ++i) many += fmt::format("void f{}(){{}}", i);
  const std::string texts[] = {"",
                               "}",
                               "{",
                               "\"",
                               "/*",
                               "R\"(",
                               std::string(3, '\0'),
                               bytes,
                               handout() + "}",
                               handout() + std::string(1 << 25, ';'),
                               handout() + std::string(200'000, 'x'),
                               handout() + std::string(200'000, ' ') + "void f() {}",
                               handout() + std::string(100'000, '(') + std::string(100'000, ')'),
                               many,
                               replaced(handout(), "Manager::update_session(", std::string(200'000, 'x') + "(")};
  for (const std::string& text : texts) {
    for (const char* const id : {"01", "03", "05", "06", "09", "10", "12"}) {
      CHECK(advice_for(rules, id, finding("assertion", "lost update"), handout(), text).empty());
      (void)advice_for(rules, id, finding("data_race", bytes), text, handout());
    }
  }
}

// What the handout fails with, as far as a rule asks for it.
std::vector<Finding> usual_findings() {
  std::vector<Finding> all;
  for (const char* const summary :
       {"lost update: 1 of 2 keys are gone", "lost update: the session is authenticated again",
        "lost increment: two callers got 1", "stale refresh: an older copy replaced a newer one",
        "phantom session: it is gone and still counted", "torn statistics: 1 hits of 2",
        "random logout: a session was used in time and swept", "random logout: 0 gets found the session, 1 hits were",
        "resurrection: the session was deleted and answers",
        "phantom session: 1 sessions are live, then 0, and nobody logged out (get_stats(), then get_active_count())",
        "random logout: 1 hits were counted, and later 0: a hit was counted and taken back",
        "resurrection: an update of a session that was merged is acknowledged, and alice's session does not have it",
        "lost merge: neither merge of alice's two sessions is done", "lost wake-up: stop() needed a time-out"})
    all.push_back(finding("assertion", summary));
  all.push_back(finding("data_race", "data race: a read and a write"));
  all.push_back(
      finding("livelock", "no thread has got on for 2000 points: those left wait for each other without end"));
  all.push_back(finding("deadlock", "all 2 threads that are left wait for each other"));
  return all;
}

TEST_CASE("a right repair is not spoken of while other exercises are red") {
  const std::vector<TemptingRule> rules = ours();
  std::vector<std::string> copies{code_in(LAB_ROOT "/fixed"),
                                  with_patch(LAB_ROOT "/tests/tempting/one_big_lock.patch")};
  for (const auto& file : std::filesystem::directory_iterator(LAB_ROOT "/tests/blame/patches"))
    copies.push_back(with_patch(file.path()));
  CHECK(copies.size() >= 14);
  for (const std::string& copy : copies) {
    for (const Finding& failed : usual_findings()) {
      for (int id = 1; id <= 12; ++id) {
        const TemptingRule* const rule = tempting_rule(rules, fmt::format("{:02}", id), failed, handout(), copy);
        INFO(copy.substr(0, 60) << " in " << id << ": " << failed.summary);
        CHECK((rule == nullptr ? "" : rule->name) == "");
      }
    }
  }
}

TEST_CASE("the handout gets no advice, whatever has failed") {
  // So that what is tested is the rules, and not that nothing has changed.
  const std::string copy = handout() + "\nint unused;\n";
  for (const Finding& failed : usual_findings()) {
    for (int id = 1; id <= 12; ++id)
      CHECK(advice_for(ours(), fmt::format("{:02}", id), failed, handout(), copy).empty());
  }
}

TEST_CASE("each rule answers a patch that is tried, and each patch is answered by a rule") {
  std::set<std::string> rules;
  for (const TemptingRule& rule : ours()) rules.insert(rule.name);
  std::set<std::string> patches;
  for (const auto& file : std::filesystem::directory_iterator(LAB_ROOT "/tests/tempting")) {
    if (file.path().extension() == ".patch") patches.insert(file.path().stem());
  }

  // lab_tempting_patch(PATCH EXERCISE SUMMARY [RULE]), or lab_tempting with the patch by its path.
  const std::regex call(R"((?:lab_tempting_patch\(|/)(\w+)(?:\.patch)? \d\d "[^"]*"(?: (\w+))?)");
  const std::string calls = content_of(LAB_ROOT "/tests/tempting/CMakeLists.txt");
  std::set<std::string> answering;
  std::set<std::string> tried;
  for (std::sregex_iterator found(calls.begin(), calls.end(), call), end; found != end; ++found) {
    tried.insert((*found)[1]);
    answering.insert((*found)[(*found)[2].matched ? 2 : 1]);
  }
  CHECK(answering == rules);
  CHECK(tried == patches);
}

TEST_CASE("advice is for people: one to three sentences and no code") {
  for (const TemptingRule& rule : ours()) {
    INFO(rule.name);
    const std::string& advice = rule.advice;
    const auto sentences = std::count(advice.begin(), advice.end(), '.');
    CHECK(sentences >= 1);
    CHECK(sentences <= 3);
    CHECK(advice.back() == '.');
    CHECK(advice.find_first_of("_`{}=<>&") == std::string::npos);
    CHECK(advice.find("()") == std::string::npos);
  }
}

TEST_CASE("a sleep elsewhere and a loop that does not look again are not spoken of") {
  const std::vector<TemptingRule> rules = ours();
  const Finding lost = finding("assertion", "lost update: 1 of 2 keys are gone");
  const std::string in_stop =
      replaced(handout(), "  wake_.notify_all();", "  std::this_thread::yield();\n  wake_.notify_all();");
  CHECK(tempting_rule(rules, "10", finding("deadlock", ""), handout(), in_stop) != nullptr);
  CHECK(tempting_rule(rules, "01", lost, handout(), in_stop) == nullptr);
  const std::string looping = replaced(handout(), "  set_key(changed);  // BUG B1",
                                       "  for (int i = 0; i < 1; ++i) set_key(changed);  // BUG B1");
  CHECK(tempting_rule(rules, "01", lost, handout(), looping) == nullptr);
}

TEST_CASE("a file of rules that can't be used is refused in a sentence") {
  CHECK(read_tempting("/no/such.json").error() == "can't read /no/such.json");
  CHECK(refusal("rules").starts_with("FILE: [json.exception.parse_error"));
  CHECK(refusal("[]").starts_with("FILE: [json.exception.type_error"));
  CHECK(refusal(R"({"schema": 2})") == "FILE is not of schema 1");
  CHECK(refusal(R"({"schema": 1})").starts_with("FILE: [json.exception.out_of_range.403] key 'functions' not found"));
  CHECK(refusal(file_of({json::object()})).starts_with("FILE: a rule without a name: [json.exception.out_of_range"));
  CHECK(refusal(file_of({1})).starts_with("FILE: a rule without a name: [json.exception.type_error"));
  CHECK(refusal(file_of({rule({{{"more", "("}}})})) == "FILE: rule a: a pattern is no regular expression");
  CHECK(refusal(file_of({rule({{{"verdict", "["}}})})) == "FILE: rule a: a pattern is no regular expression");
  CHECK(refusal(file_of({rule({{{"least", "a"}}})})) == "FILE: rule a: there is no condition {\"least\":\"a\"}");
  CHECK(refusal(file_of({rule({"more"})})) == "FILE: rule a: there is no condition \"more\"");
  CHECK(refusal(file_of({rule({{{"more", "a"}, {"in", "f"}}})})) ==
        "FILE: rule a: a place is a list of functions or \"exercise\", not \"f\"");
  CHECK(refusal(file_of({rule({{{"any", json::array()}}})})) == "FILE: rule a: a list of conditions is empty");
  CHECK(refusal(file_of({rule(std::vector<json>{})})) == "FILE: rule a: it has no condition");
  CHECK(refusal(file_of({rule({{{"held", "a"}}})})).starts_with("FILE: rule a: [json.exception.out_of_range"));
  json silent = rule({{{"has", "a"}}});
  silent["advice"] = "";
  CHECK(refusal(file_of({silent})) == "FILE: rule a: it has no advice");
  const json good = rule({{{"has", "a"}}});
  CHECK(refusal(file_of({good, good})) == "FILE: rule a: there are two of that name");
}
