#include "tools/timeline/page.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/explorer/account/story.hpp"
#include "tools/explorer/account/mistake.hpp"
#include "tools/explorer/account/report.hpp"
#include "tools/explorer/account/timeline.hpp"

using namespace lab::explorer;
using nlohmann::json;
using story::Script;
using story::Story;

namespace {

json told(const Report& report, Script& script, const RightOrder* right = nullptr, const PlayTree* play = nullptr) {
  json whole = to_json(report);
  whole["timeline"] = timeline_json(report, right, play, script);
  return whole;
}

Report failing(Verdict verdict, Explanation explanation) {
  Report report;
  report.program = "./counter";
  report.verdict = verdict;
  report.message = "counter == 2";
  report.replay = "lab1-1a2b3c4d-ts.1-_-2.2+9f3c-5e6f7a8b";
  report.explanation = std::move(explanation);
  return report;
}

// What stands between the two, the first time.
std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t at = text.find(begin);
  REQUIRE(at != std::string::npos);
  const std::size_t from = at + begin.size();
  return text.substr(from, text.find(end, from) - from);
}

json data_in(const std::string& page) {
  return json::parse(between(page, R"(<script type="application/json" id="data">)", "</script>"));
}

}  // namespace

TEST_CASE("a page holds the report's timeline as it was", "[timeline]") {
  Story story;
  Script script;
  story::lose_an_update(story, script);
  const json whole = told(failing(Verdict::assertion, explain(story.log(), script)), script);
  const auto page = lab::timeline::page(whole, {{"fixed.html", "The same on fixed"}});
  REQUIRE(page);
  const json data = data_in(*page);
  CHECK(data["timeline"] == whole["timeline"]);
  CHECK(data["verdict"] == "assertion");
  CHECK(data["beside"] == json::array({{{"file", "fixed.html"}, {"text", "The same on fixed"}}}));
  CHECK(page->find('@') == page->find("@media"));  // no marker is left
  CHECK(
      between(*page, "<noscript>", "</noscript>").find("<p>assertion at f.cpp:24 (main), in main: counter == 2</p>") !=
      std::string::npos);
}

TEST_CASE("nothing in a report ends the page's data or becomes markup", "[timeline]") {
  const std::string hostile = "</script><script>alert(1)</script><!--<script>&\"'";
  Story story;
  Script script;
  script.global(0x601000, hostile);
  story.create(1, script.at(1, hostile, hostile, "/home/" + std::string("</script>.cpp")));
  story.step(1, Operation::write, script.at(2, hostile, hostile), 0x601000, 1);
  story.step(0, Operation::read, script.at(3, hostile, hostile), 0x601000, 1);
  Report report = failing(Verdict::assertion, explain(story.log(), script));
  report.message = report.program = report.output = hostile;
  report.arguments = {hostile, "no UTF-8: \xff\xfe"};
  json whole = told(report, script);
  whole["bytes"] = "\xff</script>";  // of no report of ours
  const auto page = lab::timeline::page(whole, {{hostile, hostile}});
  REQUIRE(page);
  const std::string data = between(*page, R"(id="data">)", "</script>");
  CHECK(data.find('<') == std::string::npos);
  CHECK(json::parse(data)["timeline"]["steps"][1]["text"] == hostile);
  CHECK(page->find("alert(1)</script>") == std::string::npos);
  const std::string without_script = between(*page, "<noscript>", "</noscript>");
  CHECK(without_script.find("&lt;/script>&lt;script>alert(1)&lt;/script>") != std::string::npos);
  CHECK(without_script.find("<script") == std::string::npos);
}

TEST_CASE("the page's policy lets nothing run but its own style and script", "[timeline]") {
  Script script;
  const auto page = lab::timeline::page(told(Report{}, script));
  REQUIRE(page);
  const std::string policy = between(*page, R"(http-equiv="Content-Security-Policy" content=")", "\"");
  CHECK(policy.starts_with("default-src 'none'; style-src 'sha256-"));
  CHECK(policy.find("unsafe") == std::string::npos);
  CHECK(page->find("http:") == std::string::npos);
  CHECK(page->find("https:") == std::string::npos);
}

TEST_CASE("a report without a timeline, or with another's, is refused in a sentence", "[timeline]") {
  CHECK(lab::timeline::page(json::object()).error() == "the report has no timeline: write it with --timeline");
  CHECK(lab::timeline::page({{"timeline", "x"}}).error() == "the report has no timeline: write it with --timeline");
  CHECK(lab::timeline::page({{"timeline", {{"schema", 2}}}}).error() ==
        "the report's timeline is not of schema 1: write it and the page with one lab");
  CHECK(lab::timeline::page({{"timeline", {{"schema", "1"}}}}).error() ==
        "the report's timeline is not of schema 1: write it and the page with one lab");
}

TEST_CASE("a lost update is marked where it is written, with where its thread looked and what it missed",
          "[timeline]") {
  Story story;
  Script script;
  story::lose_an_update(story, script);
  const json timeline = told(failing(Verdict::assertion, explain(story.log(), script)), script)["timeline"];
  const json& steps = timeline["steps"];
  const json& mistake = timeline["mistake"];
  REQUIRE(mistake["kind"] == "lost_update");
  const json& step = steps[mistake["step"].get<std::size_t>()];
  CHECK(step["thread"] == 1);
  CHECK(step["text"] == "++counter;");
  CHECK(steps[mistake["look"].get<std::size_t>()]["thread"] == 1);
  CHECK(steps[mistake["change"].get<std::size_t>()]["thread"] == 2);
  CHECK(mistake["what"] == "Thread 1 writes over what thread 2 wrote in step 5, and has not seen it.");
  CHECK(mistake["believed"] == json::array({"Thread 1 believed counter = 0: it last looked in step 4 (f.cpp:12)."}));
  CHECK(mistake["was_true"] == json::array({"In truth counter was 1: thread 2 had written it in step 5 (f.cpp:12)."}));
  // The same cell each time, and its line with what is around it.
  CHECK(step["deeds"][0]["writes"] == json::array({0}));
  CHECK(steps[mistake["look"].get<std::size_t>()]["deeds"][0]["reads"] == json::array({0}));
  CHECK(timeline["files"][0]["lines"]["12"] == "++counter;");
}

TEST_CASE("neighbours in one word are cells of their own, and no loss to each other", "[timeline]") {
  Story story;
  Script script;
  const std::uint64_t set = script.at(5, "flags.ready = true;");
  story.create(1, script.at(1, "std::thread a;"));
  story.create(2, script.at(2, "std::thread b;"));
  story.step(1, Operation::read, set, 0x601000, 0);
  story.step(2, Operation::write, set, 0x601004, 1);
  story.step(1, Operation::write, set, 0x601000, 1);
  Explanation explanation = explain(story.log(), script);
  explanation.steps.back().failing = true;
  const json timeline = told(failing(Verdict::assertion, explanation), script)["timeline"];
  CHECK(timeline["mistake"]["kind"] == "failure");
  CHECK(timeline["steps"].back()["deeds"][0]["writes"] != timeline["steps"][3]["deeds"][0]["writes"]);
}

TEST_CASE("a report without steps has an empty timeline, and a page", "[timeline]") {
  Script script;
  Story story;
  const json nothing = told(failing(Verdict::crash, explain(story.log(), script)), script);
  CHECK(nothing["timeline"]["steps"] == json::array());
  CHECK(nothing["timeline"]["mistake"].is_null());
  CHECK(lab::timeline::page(nothing));
  const json passed = told(Report{}, script);
  CHECK(passed["timeline"]["steps"].is_null());
  CHECK(lab::timeline::page(passed));
}

TEST_CASE("locks are held from the step that takes them, and not while their thread waits on a condition",
          "[timeline]") {
  Story story;
  Script script;
  script.global(0x602000, "mutex");
  script.global(0x603000, "ready");
  story.create(1, script.at(1, "std::thread a;"));
  story.step(1, Operation::lock, script.at(10, "lock(mutex);"), 0x602000);
  story.step(1, Operation::wait, script.at(11, "ready.wait(lock);"), 0x603000);
  story.step(0, Operation::lock_shared, script.at(20, "lock(mutex);"), 0x602000);
  story.step(0, Operation::unlock_shared, script.at(21, "}"), 0x602000);
  story.step(1, Operation::wake, script.at(11, "ready.wait(lock);"), 0x603000);
  const Explanation explanation = explain(story.log(), script);
  REQUIRE(explanation.steps.size() == 6);
  CHECK(explanation.steps[1].holds == std::vector<Held>{{"mutex", false}});
  CHECK(explanation.steps[2].holds.empty());
  CHECK(explanation.steps[3].holds == std::vector<Held>{{"mutex", true}});
  CHECK(explanation.steps[4].holds.empty());
  CHECK(explanation.steps[5].holds == std::vector<Held>{{"mutex", false}});
}

TEST_CASE("the order beside says how far it is the same, or why there is none", "[timeline]") {
  Story story;
  Script script;
  story::lose_an_update(story, script);
  const Report report = failing(Verdict::assertion, explain(story.log(), script));
  RightOrder right;
  right.how = "None of the 4 orders that were tried is right: the mistake does not depend on the order.";
  json told_right = told(report, script, &right)["timeline"]["right"];
  CHECK(told_right["steps"].is_null());
  CHECK(told_right["how"] == right.how);
  right.explanation = *report.explanation;
  right.explanation->steps.erase(right.explanation->steps.begin() + 2);
  told_right = told(report, script, &right)["timeline"]["right"];
  CHECK(told_right["same"] == 2);
}

TEST_CASE("a tree counts each way through it once, and choices that no run took apart", "[timeline]") {
  // Two choices lead to one that is the same; of its three, one ends well, one fails and one was not recorded.
  const auto to_node = [](std::size_t node) { return PlayEdge{{1, Act::run}, true, {}, node, std::nullopt}; };
  const auto to_leaf = [](std::size_t leaf) { return PlayEdge{{2, Act::run}, true, {}, std::nullopt, leaf}; };
  PlayTree tree;
  tree.start = to_node(0);
  tree.nodes = {
      {0, true, {to_node(1), to_node(2)}},
      {0, true, {to_node(2)}},
      {0, true, {to_leaf(0), to_leaf(1), PlayEdge{{3, Act::time_out}, false, {}, std::nullopt, std::nullopt}}}};
  tree.leaves = {{Verdict::passed, "", {}, {}}, {Verdict::deadlock, "deadlock", {}, {"thread 1 waits"}}};
  tree.limit = "there are more orders than 2 runs can show";
  count_orders(tree);
  CHECK(tree.orders == 4);
  CHECK(tree.failing == 2);
  Script script;
  const json play = told(Report{}, script, nullptr, &tree)["timeline"]["play"];
  CHECK(play["nodes"][2]["choices"][2] == json{{"thread", 3}, {"act", "time_out"}});
  CHECK(play["leaves"][1]["waits"] == json::array({"thread 1 waits"}));
  CHECK(play["complete"] == false);
}

TEST_CASE("a lost update is the mistake of an end that can have come of it, in play as in the account", "[timeline]") {
  PlayTree tree;
  tree.start.recorded = true;
  tree.start.leaf = 0;
  for (const Verdict verdict : {Verdict::assertion, Verdict::exception, Verdict::deadlock, Verdict::livelock,
                                Verdict::crash, Verdict::use_after_free, Verdict::passed})
    tree.leaves.push_back({verdict, "", {}, {}});
  tree.leaves.push_back({Verdict::passed, "", {"data race on counter"}, {}});
  Script script;
  const json play = told(Report{}, script, nullptr, &tree)["timeline"]["play"];
  std::vector<bool> may;
  for (const json& leaf : play["leaves"]) may.push_back(leaf["by_lost_update"].get<bool>());
  CHECK(may == std::vector<bool>{true, true, false, false, false, false, false, true});

  // The same lost update in a run that ends in a deadlock and in one that fails an assertion.
  Story story;
  story::lose_an_update(story, script);
  Explanation explanation = explain(story.log(), script);
  CHECK(mistake_in(explanation, Verdict::assertion)->kind == Mistake::Kind::lost_update);
  explanation.steps.back().deeds.back().waiting = true;
  CHECK(mistake_in(explanation, Verdict::deadlock)->kind == Mistake::Kind::circle);
  CHECK(mistake_in(explanation, Verdict::deadlock)->step == explanation.steps.size() - 1);
  CHECK(mistake_in(explanation, Verdict::crash)->kind == Mistake::Kind::failure);
}
