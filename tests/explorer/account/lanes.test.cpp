#include "tools/explorer/account/lanes.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <sstream>

#include "tests/explorer/account/story.hpp"
#include "tools/explorer/account/text.hpp"

using namespace lab::explorer;
using story::Script;
using story::Story;

namespace {

std::size_t widest(const std::string& text) {
  std::istringstream in(text);
  std::size_t most = 0;
  for (std::string line; std::getline(in, line);) most = std::max(most, columns(line));
  return most;
}

Deed deed(Operation operation, std::uint32_t block = 1, std::uint32_t times = 1) {
  Deed deed;
  deed.operation = operation;
  deed.block = block;
  deed.times = times;
  return deed;
}

Explanation lost_update() {
  Story story;
  Script script;
  story::lose_an_update(story, script);
  return explain(story.log(), script);
}

}  // namespace

TEST_CASE("each thread has a lane where there is room", "[explorer][account]") {
  CHECK(lanes(lost_update(), "assertion at f.cpp:24 (main)", 110) ==
        R"(    main                                thread 1                            thread 2
 1  f.cpp:19  counter = 0;
    writes counter = 0
 2  f.cpp:20
    std::thread a(increment);
    creates thread 1
 3  f.cpp:21
    std::thread b(increment);
    creates thread 2
-- thread 1 takes over ---------------------------------------------------------------------------------------
 4                                      f.cpp:12  ++counter;
                                        reads counter = 0 (written by step
                                          1)
-- thread 2 takes over from thread 1, which could have gone on -----------------------------------------------
 5                                                                          f.cpp:12  ++counter;
                                                                            reads counter = 0 (written by step
                                                                              1)
                                                                            writes counter = 1
 6                                                                          ends
-- thread 1 takes over ---------------------------------------------------------------------------------------
 7                                      f.cpp:12  ++counter;
                                        writes counter = 1
 8                                      ends
-- main takes over -------------------------------------------------------------------------------------------
 9  f.cpp:22  a.join();
    joins thread 1
10  f.cpp:24  assert(counter == 2);
    reads counter = 1 (written by step
      7)
    here the run fails

assertion at f.cpp:24 (main)
)");
}

TEST_CASE("without room for lanes there is one list", "[explorer][account]") {
  CHECK(lanes(lost_update(), "assertion at f.cpp:24 (main)", 60) ==
        R"( 1  main      f.cpp:19  counter = 0;
              writes counter = 0
 2  main      f.cpp:20  std::thread a(increment);
              creates thread 1
 3  main      f.cpp:21  std::thread b(increment);
              creates thread 2
-- thread 1 takes over -------------------------------------
 4  thread 1  f.cpp:12  ++counter;
              reads counter = 0 (written by step 1)
-- thread 2 takes over from thread 1, which could have gone…
 5  thread 2  f.cpp:12  ++counter;
              reads counter = 0 (written by step 1)
              writes counter = 1
 6  thread 2  ends
-- thread 1 takes over -------------------------------------
 7  thread 1  f.cpp:12  ++counter;
              writes counter = 1
 8  thread 1  ends
-- main takes over -----------------------------------------
 9  main      f.cpp:22  a.join();
              joins thread 1
10  main      f.cpp:24  assert(counter == 2);
              reads counter = 1 (written by step 7)
              here the run fails

assertion at f.cpp:24 (main)
)");
}

TEST_CASE("no line is wider than the terminal", "[explorer][account]") {
  Explanation explanation = lost_update();
  explanation.steps[3].text = std::string(300, 'x');
  explanation.steps[3].deeds[0].object = std::string(200, 'y');
  explanation.steps[4].place.file = "/home/me/" + std::string(150, 'z') + ".cpp";
  for (std::size_t width = 0; width < 200; ++width) {
    INFO(width);
    CHECK(widest(lanes(explanation, std::string(500, 'v'), width)) <= std::max<std::size_t>(width, 40));
  }
}

TEST_CASE("more than four threads are one list however wide the terminal is", "[explorer][account]") {
  Explanation explanation;
  for (std::uint16_t thread = 0; thread < 5; ++thread) {
    ExplainedStep& step = explanation.steps.emplace_back();
    step.thread = thread;
    step.deeds.push_back(deed(Operation::yield));
  }
  CHECK(lanes(explanation, "passed", 400).starts_with("1  main      yields\n2  thread 1  yields\n"));
  explanation.steps.pop_back();
  CHECK(lanes(explanation, "passed", 400).starts_with("   main  "));
}

TEST_CASE("repeats say how often", "[explorer][account]") {
  Explanation explanation;
  for (int line = 5; line < 7; ++line) {
    ExplainedStep& step = explanation.steps.emplace_back();
    step.place = {"f.cpp", line, "work"};
    step.deeds.push_back(deed(Operation::yield, 1, 12));
  }
  explanation.steps[0].block = 2;
  explanation.steps[0].times = 9;
  ExplainedStep& step = explanation.steps.emplace_back();
  step.place = {"f.cpp", 8, "work"};
  Deed load = deed(Operation::atomic_load, 2, 3);
  load.object = "flag";
  load.value = 0;
  load.size = 4;
  step.deeds.push_back(load);
  step.deeds.push_back(deed(Operation::yield));
  CHECK(lanes(explanation, "livelock", 80) ==
        "   main\n"
        "1  f.cpp:5\n"
        "   yields, 12 times\n"
        "2  f.cpp:6\n"
        "   yields, 12 times\n"
        "   … steps 1 to 2, 9 times\n"
        "3  f.cpp:8\n"
        "   loads flag = 0\n"
        "   yields\n"
        "   … the last 2, 3 times\n"
        "\n"
        "livelock\n");
}

TEST_CASE("the middle of a long run is left out, and the text says so", "[explorer][account]") {
  Explanation explanation;
  for (int i = 0; i < 1000; ++i) explanation.steps.emplace_back().deeds.push_back(deed(Operation::yield));
  CHECK(lanes(explanation, "passed", 80, 3) ==
        "      main\n"
        "   1  yields\n"
        "   2  yields\n"
        "… 997 steps of main without a switch …\n"
        "1000  yields\n"
        "\n"
        "passed\n");
  explanation.truncated = true;
  CHECK(lanes(explanation, "passed", 80, 3).find("the record was full here") != std::string::npos);
}

TEST_CASE("of a long run, what is around the switches stays, and what is lost", "[explorer][account]") {
  Explanation explanation;
  for (int i = 0; i < 60; ++i) {
    ExplainedStep& step = explanation.steps.emplace_back();
    step.deeds.push_back(deed(Operation::yield));
    step.thread = static_cast<std::uint16_t>(i / 20 % 2);
    step.takes_over = i > 0 && i % 20 == 0;
  }
  explanation.steps[50].deeds[0].overwrites = Source{30, 0};
  const std::string text = lanes(explanation, "", 120, 12);
  const auto has = [&](const std::string& part) { return text.find(part) != std::string::npos; };
  CHECK(has("\n 2  yields\n… 16 steps of main without a switch …\n19  yields\n20  yields\n-- thread 1 takes over"));
  CHECK(has("… 8 steps of thread 1 without a switch …\n31 "));
  CHECK(has("… 8 steps of main without a switch …\n51  "));
  CHECK(has("\n60  yields\n"));
}

TEST_CASE("where not all fits, accesses stay longer than locks, and locks longer than unlocks", "[explorer][account]") {
  Explanation explanation;
  for (const Operation operation : {Operation::lock, Operation::read, Operation::write, Operation::unlock}) {
    ExplainedStep& step = explanation.steps.emplace_back();
    step.place = {"f.cpp", 5, "work"};
    step.text = "statement();";
    step.deeds.push_back(deed(operation));
  }
  const auto shown = [&](std::size_t steps_max) {
    const std::string text = lanes(explanation, "", 80, steps_max);
    std::string numbers;
    for (const char number : {'1', '2', '3', '4'})
      if (text.find(std::string("\n") + number + "  ") != std::string::npos) numbers += number;
    return numbers;
  };
  CHECK(shown(4) == "1234");
  CHECK(shown(3) == "123");
  CHECK(shown(2) == "23");
}

TEST_CASE("the brace at which a lock is given back is told in one line, and not left out for one",
          "[explorer][account]") {
  Explanation explanation;
  for (int i = 0; i < 9; ++i) {
    ExplainedStep& step = explanation.steps.emplace_back();
    step.place = {"f.cpp", 5 + i, "work"};
    step.text = i == 4 ? "}" : "statement();";
    step.deeds.push_back(deed(i == 4 ? Operation::unlock : Operation::yield));
  }
  CHECK(lanes(explanation, "", 80).find("\n5  f.cpp:9  unlocks\n6  ") != std::string::npos);
  CHECK(lanes(explanation, "", 80, 8).find("\n5  f.cpp:9  unlocks\n6  ") != std::string::npos);
  CHECK(lanes(explanation, "", 80, 7).find("\n… 2 steps of main without a switch …\n") != std::string::npos);
}

TEST_CASE("a switch among the steps that are left out is told with them", "[explorer][account]") {
  Explanation explanation;
  for (int i = 0; i < 12; ++i) {
    ExplainedStep& step = explanation.steps.emplace_back();
    step.place = {"f.cpp", 5, "work"};
    step.text = "statement();";
    step.deeds.push_back(deed(i >= 4 && i < 8 ? Operation::unlock : Operation::read));
    step.thread = static_cast<std::uint16_t>(i / 6);
    step.takes_over = step.preempts = i == 6;
  }
  CHECK(lanes(explanation, "", 100, 8)
            .find("\n-- thread 1 takes over from main, which could have gone on (4 steps "
                  "left out) -") != std::string::npos);
}

TEST_CASE("what crosses to another thread is shown where it comes from", "[explorer][account]") {
  Explanation explanation;
  for (int i = 0; i < 40; ++i) {
    ExplainedStep& step = explanation.steps.emplace_back();
    step.deeds.push_back(deed(Operation::yield));
    step.thread = static_cast<std::uint16_t>(i / 20);
    step.takes_over = i == 20;
  }
  explanation.steps[39].deeds[0].written_by = Source{10, 0};
  CHECK(lanes(explanation, "", 120, 8).find("\n11  yields\n") != std::string::npos);
  explanation.steps[39].thread = 0;  // its own
  CHECK(lanes(explanation, "", 120, 8).find("\n11  yields\n") == std::string::npos);
}

TEST_CASE("many lost updates do not drown the lanes", "[explorer][account]") {
  Explanation explanation;
  for (std::size_t i = 0; i < 1000; ++i) {
    ExplainedStep& step = explanation.steps.emplace_back();
    step.deeds.push_back(deed(Operation::write));
    if (i > 1) step.deeds[0].overwrites = Source{i - 2, 0};
  }
  explanation.steps[500].deeds[0].waiting = true;
  const std::string text = lanes(explanation, "", 80, 10);
  CHECK(std::count(text.begin(), text.end(), '\n') < 30);
  CHECK(text.find("\n 501  ") != std::string::npos);
}

TEST_CASE("where there are too many switches the middle of all is left out", "[explorer][account]") {
  Explanation explanation;
  for (int i = 0; i < 100; ++i) {
    ExplainedStep& step = explanation.steps.emplace_back();
    step.deeds.push_back(deed(Operation::yield));
    step.thread = static_cast<std::uint16_t>(i % 2);
    step.takes_over = i > 0;
  }
  explanation.steps[40].failing = true;
  explanation.steps[70].block = 2;
  explanation.steps[70].times = 5;
  explanation.steps[71].failing = true;
  const std::string text = lanes(explanation, "", 80, 4);
  const auto has = [&](const std::string& part) { return text.find(part) != std::string::npos; };
  CHECK(has("… 38 steps left out …\n-- main takes over"));
  CHECK(has("… 29 steps left out …\n-- main takes over"));
  CHECK(has("… steps 71 to 72, 5 times\n… 26 steps left out …\n"));
}

TEST_CASE("a source line may take two lines of its lane, and is cut where it would need more", "[explorer][account]") {
  Explanation explanation;
  ExplainedStep& step = explanation.steps.emplace_back();
  step.place = {"f.cpp", 5, "work"};
  step.text = "const auto saved = try_save(id, stored, changed);";
  CHECK(lanes(explanation, "", 40) ==
        "   main\n"
        "1  f.cpp:5\n"
        "   const auto saved = try_save(id,\n"
        "     stored, changed);\n");
  explanation.steps[0].text = "assert(session.metadata.contains(\"theme\"));";
  CHECK(lanes(explanation, "", 40) ==
        "   main\n"
        "1  f.cpp:5\n"
        "   assert(session.metadata.contains(\n"
        "     \"theme\"));\n");
  explanation.steps[0].text = "const auto saved = try_save(id, stored, changed);" + std::string(40, 'x');
  CHECK(lanes(explanation, "", 40) ==
        "   main\n"
        "1  f.cpp:5\n"
        "   const auto saved = try_save(id, stor…\n");
}

TEST_CASE("an explanation without steps is its verdict", "[explorer][account]") {
  CHECK(lanes({}, "passed", 80) == "passed\n");
}

TEST_CASE("a step's place is its line alone where the reader knows the file", "[explorer][account]") {
  const std::string text = lanes(lost_update(), "", 110, 60, Places::line);
  CHECK(text.find("f.cpp") == std::string::npos);
  CHECK(text.find(" 1  19  counter = 0;\n    writes counter = 0\n") != std::string::npos);
}
