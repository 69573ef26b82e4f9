// What is left of a record that is too long to be shown whole.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/explorer/account/story.hpp"
#include "tools/explorer/account/explanation.hpp"

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
  CHECK(only_deed(10) == "writes 5 shared words, over what step 7 wrote");
  CHECK(only_deed(14) == "reads 5 shared words (written by step 11)");
  CHECK(explanation.steps[10].deeds[0].overwrites == Source{6, 0});
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
  // A free function called lock is the program's own lock, which is what it is about.
  story.step(0, Operation::lock, script.at(70, "ticket = next++;", "lock"), lock);
  CHECK(lines_of(explain(story.log(), script)) == std::vector<int>{1, 7, 8, 70});
}
