// What is left of a record that is too long to be shown whole.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/explorer/account/story.hpp"
#include "tools/explorer/account/explanation.hpp"
#include "tools/explorer/account/report.hpp"

using namespace lab::explorer;
using story::Script;
using story::Story;

namespace {

constexpr std::uint64_t lock = 0x7000;
constexpr std::uint64_t session = 0x8000;  // several words, all without a name

// Thread 1 copies the session under the lock; thread 2 changes it under the lock; thread 1 writes its copy back, under
// the lock. Before that, each has done `noise` other things under the lock that concern nobody.
void lose_a_session(Story& story, Script& script, int noise) {
  story.create(1, script.at(1, "first", "main"));
  story.create(2, script.at(2, "second", "main"));
  const auto make_noise = [&](std::uint16_t thread) {
    for (int i = 0; i < noise; ++i) {
      story.step(thread, Operation::lock, script.at(100 + 3 * i), lock);
      // Both threads write it and neither reads what the other wrote.
      story.step(thread, Operation::write, script.at(101 + 3 * i), 0x9000 + 8 * static_cast<std::uint64_t>(i), 5);
      story.step(thread, Operation::unlock, script.at(102 + 3 * i), lock);
    }
  };
  const auto all_words = [&](std::uint16_t thread, Operation operation, std::uint64_t pc) {
    for (std::uint64_t word = 0; word < 5; ++word) story.step(thread, operation, pc, session + 8 * word, word);
  };
  make_noise(1);
  story.step(1, Operation::lock, script.at(10, "lock", "update"), lock);
  all_words(1, Operation::read, script.at(11, "copy = session;", "update"));
  story.step(1, Operation::unlock, script.at(12, "unlock", "update"), lock);
  make_noise(2);
  story.step(2, Operation::lock, script.at(20, "lock", "update"), lock);
  all_words(2, Operation::write, script.at(21, "session = changed;", "update"));
  story.step(2, Operation::unlock, script.at(22, "unlock", "update"), lock);
  story.step(2, Operation::end, 0);
  story.step(1, Operation::lock, script.at(30, "lock", "update"), lock);
  all_words(1, Operation::write, script.at(31, "session = copy;", "update"));
  story.step(1, Operation::unlock, script.at(32, "unlock", "update"), lock);
  story.step(1, Operation::end, 0);
  story.step(0, Operation::join, script.at(40, "join", "main")).other = 1;
  all_words(0, Operation::read, script.at(41, "look", "main"));
  Log& log = story.log();
  log.verdict = Verdict::assertion;
  log.frames[0] = script.at(42, "assert", "main");
  log.frame_count = 1;
}

std::vector<int> lines_of(const Explanation& explanation) {
  std::vector<int> lines;
  for (const ExplainedStep& step : explanation.steps) lines.push_back(step.place.line);
  return lines;
}

}  // namespace

TEST_CASE("of a long record, what crossed threads is kept, and the locks around it", "[explorer][account]") {
  Story story;
  Script script;
  lose_a_session(story, script, 20);
  // Thread 2 ends before thread 1 takes the lock again, hence the 0 (an end has no place) in between.
  CHECK(lines_of(explain(story.log(), script)) ==
        std::vector<int>{1, 2, 10, 11, 12, 20, 21, 22, 0, 30, 31, 32, 0, 40, 41, 42});
}

TEST_CASE("a write over what the thread has not seen is told, and what its reader then finds", "[explorer][account]") {
  Story story;
  Script script;
  lose_a_session(story, script, 20);
  const Explanation explanation = explain(story.log(), script);
  const auto only_deed = [&](std::size_t step) {
    REQUIRE(explanation.steps[step].deeds.size() == 1);
    return sentence(explanation.steps[step].deeds[0]);
  };
  CHECK(only_deed(3) == "reads 5 shared words");
  CHECK(only_deed(6) == "writes 5 shared words");
  CHECK(only_deed(10) ==
        "writes 5 shared words, overwriting what thread 2 wrote in step 7; it last read them in step 4");
  CHECK(only_deed(14) == "reads 5 shared words (written by step 11)");
  CHECK(explanation.steps[10].deeds[0].overwrites == Source{6, 0});
  CHECK(explanation.steps[10].deeds[0].last_read == Source{3, 0});
  CHECK(explanation.steps[10].deeds[0].loser == 2);
}

TEST_CASE("JSON tells what is overwritten unseen, and of how many words", "[explorer][account]") {
  Story story;
  Script script;
  lose_a_session(story, script, 20);
  Report report;
  report.explanation = explain(story.log(), script);
  const nlohmann::json json = to_json(report);
  const nlohmann::json& steps = json["steps"];
  const auto overwriting =
      std::find_if(steps.begin(), steps.end(), [](const nlohmann::json& step) { return step.contains("overwrites"); });
  REQUIRE(overwriting != steps.end());
  CHECK((*overwriting)["words"] == 5);
  CHECK((*overwriting)["location"] == "f.cpp:31");
  CHECK(steps[(*overwriting)["overwrites"].get<std::size_t>()]["location"] == "f.cpp:21");
  CHECK(steps[(*overwriting)["last_read"].get<std::size_t>()]["location"] == "f.cpp:11");
}

TEST_CASE("what was written before there was a second thread, and is only read since, is dropped",
          "[explorer][account]") {
  Story story;
  Script script;
  story.step(0, Operation::write, script.at(90, "settings = 1;", "main"), 0xa000, 1);
  lose_a_session(story, script, 20);
  story.step(0, Operation::read, script.at(91, "settings", "main"), 0xa000, 1);
  const std::vector<int> lines = lines_of(explain(story.log(), script));
  CHECK(std::count(lines.begin(), lines.end(), 90) == 0);
  CHECK(std::count(lines.begin(), lines.end(), 91) == 0);
}

TEST_CASE("what an interrupted thread did last is kept, so that it is seen who was interrupted",
          "[explorer][account]") {
  Story story;
  Script script;
  story.create(1, script.at(1, "first", "main"));
  for (int i = 0; i < 20; ++i) {
    story.step(1, Operation::lock, script.at(100 + 2 * i), lock);
    story.step(1, Operation::unlock, script.at(101 + 2 * i), lock);
  }
  story.step(1, Operation::lock, script.at(10), lock);
  story.preempt(1, 0);
  story.step(0, Operation::write, script.at(20), session, 7);
  story.step(1, Operation::unlock, script.at(11), lock);
  story.step(1, Operation::read, script.at(12), session, 7);
  const Explanation explanation = explain(story.log(), script);
  CHECK(lines_of(explanation) == std::vector<int>{1, 10, 20, 11, 12});
  CHECK(explanation.steps[2].preempts);
}

TEST_CASE("neighbours in one granule are neither news to each other nor lost", "[explorer][account]") {
  Story story;
  Script script;
  lose_a_session(story, script, 20);
  constexpr std::uint64_t left = 0xa000, right = 0xa004;
  story.create(3, script.at(60, "third", "main"));
  story.step(3, Operation::read, script.at(61), left, 1);
  story.step(0, Operation::write, script.at(62), right, 1);
  story.step(3, Operation::write, script.at(63), left, 2);
  story.step(3, Operation::read, script.at(64), left, 2);
  const std::vector<int> lines = lines_of(explain(story.log(), script));
  CHECK(std::find(lines.begin(), lines.end(), 60) != lines.end());
  for (int line = 61; line <= 64; ++line) CHECK(std::count(lines.begin(), lines.end(), line) == 0);
}

TEST_CASE("accesses to raced words are kept in a long record", "[explorer][account]") {
  Story story;
  Script script;
  lose_a_session(story, script, 20);
  Race& race = story.log().races[story.log().race_count++];
  race.address = 0x9000;  // what both threads write at line 101
  const std::vector<int> lines = lines_of(explain(story.log(), script));
  CHECK(std::count(lines.begin(), lines.end(), 101) == 2);
  CHECK(std::count(lines.begin(), lines.end(), 104) == 0);
}

TEST_CASE("a lock that is only taken under another, or by the last thread alive, is dropped", "[explorer][account]") {
  Story story;
  Script script;
  story.create(1, script.at(1, "first", "main"));
  for (const std::uint16_t thread : {std::uint16_t{1}, std::uint16_t{0}}) {
    story.step(thread, Operation::lock, script.at(10), 0x100);
    story.step(thread, Operation::lock, script.at(11), 0x200);
    if (thread == 0) story.step(thread, Operation::read, script.at(12), session, 7);
    if (thread == 1) story.step(thread, Operation::write, script.at(13), session, 7);
    story.step(thread, Operation::unlock, script.at(14), 0x200);
    story.step(thread, Operation::unlock, script.at(15), 0x100);
  }
  // What nobody cares about, until it is a long record.
  for (int i = 0; i < 40; ++i) story.step(0, Operation::lock, script.at(100 + i), 0x1000);
  story.step(1, Operation::end, 0);
  story.step(0, Operation::lock, script.at(20), 0x100);
  story.step(0, Operation::write, script.at(21), session, 8);
  story.step(0, Operation::unlock, script.at(22), 0x100);
  CHECK(lines_of(explain(story.log(), script)) == std::vector<int>{1, 10, 13, 15, 10, 12, 15, 0});
}

TEST_CASE("the lock that a failing thread still holds around what is kept stays, and so does one that it waits under",
          "[explorer][account]") {
  Story story;
  Script script;
  story.create(1, script.at(1, "first", "main"));
  for (int i = 0; i < 20; ++i) {
    story.step(1, Operation::lock, script.at(100 + 2 * i), lock);
    story.step(1, Operation::unlock, script.at(101 + 2 * i), lock);
  }
  story.step(1, Operation::lock, script.at(10), lock);
  story.step(1, Operation::wait, script.at(11), 0x300);
  story.step(1, Operation::wake, script.at(11), 0x300);
  story.step(1, Operation::write, script.at(12), session, 7);
  story.step(1, Operation::unlock, script.at(13), lock);
  story.step(0, Operation::lock, script.at(20), lock);
  story.step(0, Operation::read, script.at(21), session, 7);
  CHECK(lines_of(explain(story.log(), script)) == std::vector<int>{1, 10, 11, 12, 13, 20, 21});
}

TEST_CASE("of atomics without a name, those that merely count are dropped from a long record", "[explorer][account]") {
  constexpr std::uint64_t references = 0x100, head = 0x200, named = 0x300;
  Story story;
  Script script;
  script.global(named, "hits");
  story.create(1, script.at(1, "first", "main"));
  for (int i = 0; i < 40; ++i) {
    const auto thread = static_cast<std::uint16_t>(i % 2);
    story.step(thread, Operation::atomic_update, script.at(100 + i), references,
               static_cast<std::uint64_t>(i % 2));  // 0, 1, 0, 1, ...
  }
  story.step(1, Operation::atomic_update, script.at(10), head, 0x5000);
  story.step(0, Operation::atomic_update, script.at(11), head, 0x6000);
  story.step(1, Operation::atomic_update, script.at(12), named, 1);
  story.step(0, Operation::atomic_update, script.at(13), named, 2);
  CHECK(lines_of(explain(story.log(), script)) == std::vector<int>{1, 10, 11, 12, 13});
}

TEST_CASE("a short record is shown whole", "[explorer][account]") {
  Story story;
  Script script;
  lose_a_session(story, script, 2);
  const std::vector<int> lines = lines_of(explain(story.log(), script));
  CHECK(std::count(lines.begin(), lines.end(), 101) == 2);
}

TEST_CASE("in a long deadlock every lock is kept", "[explorer][account]") {
  Story story;
  Script script;
  lose_a_session(story, script, 20);
  story.log().verdict = Verdict::deadlock;
  const std::vector<int> lines = lines_of(explain(story.log(), script));
  CHECK(std::count(lines.begin(), lines.end(), 100) == 2);
}

TEST_CASE("a lock's place is where its wrapper is used, and a class's first line is nobody's", "[explorer][account]") {
  Story story;
  Script script;
  const std::uint64_t use = script.at(7, "MutexLock lock(mutex);", "transfer");
  story.create(1, script.at(1, "first", "main"));
  Step& locks =
      story.step(1, Operation::lock, script.at(50, "MutexLock(Mutex& m) { m.lock(); }", "MutexLock::MutexLock"), lock);
  locks.frames[1] = use;
  locks.frame_count = 2;
  Step& copies = story.step(1, Operation::unlock, script.at(60, "struct Row {", "Row::Row"), lock);
  copies.frames[1] = script.at(8, "row = other;", "transfer");
  copies.frame_count = 2;
  Step& assigns = story.step(1, Operation::unlock, script.at(61, "};", "Row::operator="), lock);
  assigns.frames[1] = script.at(9, "row = third;", "transfer");
  assigns.frame_count = 2;
  // A guard that a brace destroys is given up there.
  Step& leaves = story.step(1, Operation::unlock, script.at(51, "~SpinLock() {", "SpinLock::~SpinLock"), lock);
  leaves.frames[1] = script.at(62, "}", "transfer");
  leaves.frame_count = 2;
  // What merely ends like a lock is none.
  story.step(1, Operation::unlock, script.at(63, "m.unlock();", "Queue::unblock"), lock);
  // A free function called lock is the program's own lock, which is what it is about.
  story.step(0, Operation::lock, script.at(70, "ticket = next++;", "lock"), lock);
  CHECK(lines_of(explain(story.log(), script)) == std::vector<int>{1, 7, 8, 9, 62, 63, 70});
}
