#include "tools/explorer/account/explanation.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/explorer/account/story.hpp"

using namespace lab::explorer;
using story::Script;
using story::Story;

namespace {

std::vector<std::string> deeds_of(const ExplainedStep& step) {
  std::vector<std::string> sentences;
  for (const Deed& deed : step.deeds) sentences.push_back(sentence(deed));
  return sentences;
}

using Deeds = std::vector<std::string>;

}  // namespace

TEST_CASE("a lost update shows who read and who wrote what", "[explorer][account]") {
  Story story;
  Script script;
  story::lose_an_update(story, script);
  const Explanation explanation = explain(story.log(), script);

  // 1 counter = 0 (kept, since it is what was read) 2, 3 create 4 read 5 read and write 6 end 7 write 8 end 9 join 10
  // read
  REQUIRE(explanation.steps.size() == 10);
  CHECK(deeds_of(explanation.steps[0]) == Deeds{"writes counter = 0"});
  CHECK(deeds_of(explanation.steps[1]) == Deeds{"creates thread 1"});
  CHECK(deeds_of(explanation.steps[3]) == Deeds{"reads counter = 0 (written by step 1)"});
  CHECK(deeds_of(explanation.steps[4]) == Deeds{"reads counter = 0 (written by step 1)", "writes counter = 1"});
  CHECK(deeds_of(explanation.steps[6]) == Deeds{"writes counter = 1"});
  CHECK(deeds_of(explanation.steps[9]) == Deeds{"reads counter = 1 (written by step 7)"});
  CHECK(explanation.steps[9].deeds[0].written_by == Source{6, 0});
  CHECK(explanation.steps[9].failing);
  CHECK(explanation.steps[4].text == "++counter;");
  CHECK(explanation.steps[4].place.function == "increment");
  CHECK(explanation.thread_count == 3);
  CHECK(explanation.failed_at->line == 24);
}

TEST_CASE("a switch is marked only where another thread goes on, and as a preemption only where it is one",
          "[explorer][account]") {
  Story story;
  Script script;
  story::lose_an_update(story, script);
  const Explanation explanation = explain(story.log(), script);
  std::vector<std::size_t> switches, preemptions;
  for (std::size_t i = 0; i < explanation.steps.size(); ++i) {
    if (explanation.steps[i].takes_over) switches.push_back(i);
    if (explanation.steps[i].preempts) preemptions.push_back(i);
  }
  CHECK(switches == std::vector<std::size_t>{3, 4, 6, 8});
  CHECK(preemptions == std::vector<std::size_t>{4});
}

TEST_CASE("what only one thread touches, or nobody writes in company, is left out", "[explorer][account]") {
  Story story;
  Script script;
  constexpr std::uint64_t own = 0x1000, constant = 0x2000, shared = 0x3000, neighbour = 0x3004;
  story.step(0, Operation::write, script.at(1), constant, 7);
  story.create(1, script.at(2));
  story.step(1, Operation::write, script.at(3), own, 1);
  story.step(1, Operation::read, script.at(4), constant, 7);
  story.step(0, Operation::read, script.at(5), constant, 7);
  story.step(1, Operation::write, script.at(6), shared, 1);
  story.step(0, Operation::read, script.at(7), neighbour, 0);  // of the same granule
  story.step(1, Operation::atomic_store, script.at(8), own + 64, 1);
  const Explanation explanation = explain(story.log(), script);
  std::vector<int> lines;
  for (const ExplainedStep& step : explanation.steps) lines.push_back(step.place.line);
  CHECK(lines == std::vector<int>{2, 6, 7});
}

TEST_CASE("a step in the library is shown at the own line that called it, or not at all", "[explorer][account]") {
  Story story;
  Script script;
  const std::uint64_t inside = script.at(99, "", "std::mutex::lock", "/usr/include/c++/12/mutex");
  Step& step = story.step(1, Operation::lock, inside, 0x1000);
  step.frames[1] = script.at(5, "guard lock(m);");
  step.frame_count = 2;
  story.step(1, Operation::unlock, inside, 0x1000);
  const Explanation explanation = explain(story.log(), script);
  REQUIRE(explanation.steps.size() == 1);
  CHECK(explanation.steps[0].place.line == 5);
  CHECK(deeds_of(explanation.steps[0]) == Deeds{"locks lock A"});
}

TEST_CASE("the same address always has the same name, a lock that of a lock", "[explorer][account]") {
  Story story;
  Script script;
  script.global(0x5000, "table");
  story.create(1, script.at(1));
  for (const std::uint16_t thread : {std::uint16_t{0}, std::uint16_t{1}}) {
    const int line = 10 + thread * 20;
    story.step(thread, Operation::lock, script.at(line), 0x2000);
    story.step(thread, Operation::write, script.at(line + 1), 0x3000, 1);
    story.step(thread, Operation::write, script.at(line + 2), 0x5000, 1);
    story.step(thread, Operation::notify_all, script.at(line + 3), 0x6000);
    story.step(thread, Operation::lock, script.at(line + 4), 0x1000);
  }
  const Explanation explanation = explain(story.log(), script);
  const std::vector<std::string> expected = {"",       "lock A",   "object A", "table",       "condition A", "lock B",
                                             "lock A", "object A", "table",    "condition A", "lock B"};
  std::vector<std::string> names;
  for (const ExplainedStep& step : explanation.steps)
    for (const Deed& deed : step.deeds) names.push_back(deed.object);
  CHECK(names == expected);
}

TEST_CASE("a spin on one line stands there once, with how often", "[explorer][account]") {
  Story story;
  Script script;
  story.create(1, script.at(1));
  const std::uint64_t loop = script.at(5, "while (!ready) std::this_thread::yield();");
  for (int i = 0; i < 12; ++i) {
    story.step(1, Operation::atomic_load, loop, 0x1000, 0);
    story.step(1, Operation::yield, loop);
  }
  story.step(0, Operation::atomic_store, script.at(7), 0x1000, 1);
  story.step(1, Operation::atomic_load, loop, 0x1000, 1);
  const Explanation explanation = explain(story.log(), script);
  REQUIRE(explanation.steps.size() == 4);
  const ExplainedStep& spin = explanation.steps[1];
  CHECK(deeds_of(spin) == Deeds{"loads object A = 0", "yields"});
  CHECK(spin.deeds[0].block == 2);
  CHECK(spin.deeds[0].times == 12);
  CHECK(spin.times == 1);
  CHECK(deeds_of(explanation.steps[3]) == Deeds{"loads object A = 1 (written by step 3)"});
}

TEST_CASE("a livelock of two threads over several lines is folded, and what was written in it is still found",
          "[explorer][account]") {
  Story story;
  Script script;
  story.create(1, script.at(1));
  const std::uint64_t mine = script.at(5), yours = script.at(6), theirs = script.at(8);
  for (int i = 0; i < 9; ++i) {
    story.step(0, Operation::atomic_store, mine, 0x1000, 1);
    story.step(0, Operation::atomic_load, yours, 0x2000, 1);
    story.step(1, Operation::atomic_load, theirs, 0x1000, 1);
    story.step(1, Operation::atomic_store, theirs, 0x2000, 1);
  }
  story.step(0, Operation::atomic_load, script.at(9), 0x2000, 1);
  story.log().verdict = Verdict::livelock;
  const Explanation explanation = explain(story.log(), script);
  REQUIRE(explanation.steps.size() == 5);
  CHECK(explanation.steps[1].block == 3);
  CHECK(explanation.steps[1].times == 9);
  CHECK(deeds_of(explanation.steps[4]) == Deeds{"loads object B = 1 (written by step 4)"});
}

TEST_CASE("a deadlock says of each thread what it waits for, who has that, and what it holds", "[explorer][account]") {
  Story story;
  Script script;
  const std::uint64_t a = 0x1000, b = 0x2000;
  story.step(1, Operation::lock, script.at(10, "", "transfer"), a);
  story.step(2, Operation::lock, script.at(20, "", "refund"), b);
  Log& log = story.log();
  log.verdict = Verdict::deadlock;
  log.blocked_count = 3;
  log.blocked[0] = {.thread = 1,
                    .holder = 2,
                    .has_holder = true,
                    .operation = Operation::lock,
                    .object = b,
                    .held_count = 1,
                    .held = {a},
                    .frame_count = 1,
                    .frames = {script.at(11, "lock(b);", "transfer")}};
  log.blocked[1] = {.thread = 2,
                    .holder = 1,
                    .has_holder = true,
                    .operation = Operation::lock,
                    .object = a,
                    .held_count = 1,
                    .held = {b},
                    .frame_count = 1,
                    .frames = {script.at(21, "lock(a);", "refund")}};
  log.blocked[2] = {.thread = 0,
                    .holder = 1,
                    .has_holder = true,
                    .operation = Operation::join,
                    .object = 0,
                    .held_count = 0,
                    .held = {},
                    .frame_count = 1,
                    .frames = {script.at(30, "t.join();", "main")}};
  const Explanation explanation = explain(log, script);
  REQUIRE(explanation.waiting.size() == 3);
  CHECK(sentence(explanation.waiting[0]) ==
        "thread 1 waits for lock B, held by thread 2, at f.cpp:11 (transfer); it holds lock A");
  CHECK(sentence(explanation.waiting[1]) ==
        "thread 2 waits for lock A, held by thread 1, at f.cpp:21 (refund); it holds lock B");
  CHECK(sentence(explanation.waiting[2]) == "main waits for thread 1 to end, at f.cpp:30 (main)");
  REQUIRE(explanation.steps.size() == 5);
  CHECK(deeds_of(explanation.steps[2]) == Deeds{"waits for lock B, held by thread 2"});
  CHECK(deeds_of(explanation.steps[4]) == Deeds{"waits for thread 1 to end"});
}

TEST_CASE("where the holder took the lock is told where it is known", "[explorer][account]") {
  Story story;
  Script script;
  const std::uint64_t a = 0x1000, b = 0x2000;
  Log& log = story.log();
  log.verdict = Verdict::deadlock;
  log.blocked_count = 3;
  log.blocked[0] = {.thread = 2,
                    .holder = 1,
                    .has_holder = true,
                    .operation = Operation::lock,
                    .object = a,
                    .held_count = 1,
                    .held = {b},
                    .frame_count = 1,
                    .frames = {script.at(60, "lock(a);", "find")},
                    .taken_count = 1,
                    .taken = {script.at(29, "lock(a);", "copy")}};
  log.blocked[1] = {.thread = 1,
                    .operation = Operation::stop,
                    .held_count = 1,
                    .held = {a},
                    .frame_count = 1,
                    .frames = {script.at(31, "to = from;", "copy")}};
  log.blocked[2] = {.thread = 3,
                    .holder = 3,
                    .has_holder = true,
                    .operation = Operation::lock,
                    .object = b,
                    .frame_count = 1,
                    .frames = {script.at(70, "lock(b);", "again")},
                    .taken_count = 1,
                    .taken = {script.at(69, "lock(b);", "again")}};
  const Explanation explanation = explain(log, script);
  REQUIRE(explanation.waiting.size() == 3);
  CHECK(sentence(explanation.waiting[0]) ==
        "thread 2 waits at f.cpp:60 (find) for lock A, which thread 1 took at f.cpp:29 (copy); it holds lock B");
  CHECK(sentence(explanation.waiting[1]) == "thread 1 is stopped by the test, at f.cpp:31 (copy); it holds lock A");
  CHECK(sentence(explanation.waiting[2]) ==
        "thread 3 waits at f.cpp:70 (again) for lock B, which it took at f.cpp:69 (again)");
}

TEST_CASE("a wait that was recorded and never ended is not told twice", "[explorer][account]") {
  Story story;
  Script script;
  const std::uint64_t wait = script.at(11, "ready.wait(lock);");
  story.step(1, Operation::wait, wait, 0x1000);
  Log& log = story.log();
  log.verdict = Verdict::deadlock;
  log.blocked_count = 1;
  log.blocked[0] = {.thread = 1,
                    .operation = Operation::wait,
                    .object = 0x1000,
                    .held_count = 0,
                    .held = {},
                    .frame_count = 1,
                    .frames = {wait}};
  const Explanation explanation = explain(log, script);
  REQUIRE(explanation.steps.size() == 1);
  CHECK(deeds_of(explanation.steps[0]) == Deeds{"waits on condition A, and nobody notifies it"});
  CHECK(sentence(explanation.waiting[0]) ==
        "thread 1 waits on condition A, and nobody notifies it, at f.cpp:11 (work)");
}

TEST_CASE("locking a lock twice shows both attempts", "[explorer][account]") {
  Story story;
  Script script;
  const std::uint64_t loop = script.at(11, "m.lock();");
  story.step(1, Operation::lock, loop, 0x1000);
  Log& log = story.log();
  log.verdict = Verdict::deadlock;
  log.blocked_count = 1;
  log.blocked[0] = {.thread = 1,
                    .holder = 1,
                    .has_holder = true,
                    .operation = Operation::lock,
                    .object = 0x1000,
                    .held_count = 1,
                    .held = {0x1000},
                    .frame_count = 1,
                    .frames = {loop}};
  const Explanation explanation = explain(log, script);
  REQUIRE(explanation.steps.size() == 1);
  CHECK(deeds_of(explanation.steps[0]) == Deeds{"locks lock A", "waits for lock A, held by thread 1"});
}

TEST_CASE("a race names both places and both threads", "[explorer][account]") {
  Story story;
  Script script;
  Log& log = story.log();
  log.verdict = Verdict::data_race;
  log.race_count = 2;
  const std::uint64_t inside = script.at(99, "", "std::vector::push_back", "/usr/include/c++/12/bits/stl_vector.h");
  const std::uint64_t add = script.at(12, "++counter;", "increment");
  log.races[0] = {.address = 0x1000,
                  .earlier = {.pc = add, .thread = 1, .write = true},
                  .later = {.pc = add, .thread = 2, .write = true},
                  .frame_count = 1,
                  .frames = {add}};
  log.races[1] = {.address = 0x2000,
                  .earlier = {.pc = script.at(40, "", "reader"), .thread = 0, .atomic = true},
                  .later = {.pc = inside, .thread = 2, .write = true},
                  .frame_count = 2,
                  .frames = {inside, add}};
  script.global(0x2000, "list+8");
  const Explanation explanation = explain(log, script);
  REQUIRE(explanation.races.size() == 2);
  CHECK(sentence(explanation.races[0]) ==
        "data race: write at f.cpp:12 (increment) by thread 2, and write at f.cpp:12 by thread 1, not ordered by any "
        "lock "
        "or atomic");
  CHECK(sentence(explanation.races[1]) ==
        "data race on list+8: write at f.cpp:12 (increment) by thread 2, and atomic read at f.cpp:40 (reader) by main, "
        "not "
        "ordered by any lock or atomic");
  CHECK(explanation.failed_at->line == 12);
}

TEST_CASE("a race's object is what its accesses touched, not its neighbour in the same word", "[explorer][account]") {
  Story story;
  Script script;
  script.global(0x1000, "completed");
  script.global(0x1004, "counter");
  const std::uint64_t add = script.at(12, "++counter;", "increment");
  story.create(1, script.at(1));
  Log& log = story.log();
  log.verdict = Verdict::data_race;
  log.race_count = 1;
  log.races[0] = {.address = 0x1000,
                  .earlier = {.pc = add, .thread = 1, .write = true},
                  .later = {.pc = add, .thread = 0, .write = true},
                  .frame_count = 1,
                  .frames = {add}};
  CHECK(explain(log, script).races[0].object == "completed");  // nothing was recorded
  story.step(1, Operation::write, add, 0x1004, 1);
  story.step(0, Operation::write, add, 0x1004, 1);
  CHECK(explain(log, script).races[0].object == "counter");
}

TEST_CASE("the free that a later access fails on is shown", "[explorer][account]") {
  Story story;
  Script script;
  story.create(1, script.at(1));
  story.step(1, Operation::free, script.at(5), 0x1000);
  story.step(1, Operation::free, script.at(6), 0x9000);
  story.step(0, Operation::read, script.at(7), 0x1010, 3);
  story.log().verdict = Verdict::use_after_free;
  story.log().frames[0] = script.at(7);
  story.log().frame_count = 1;
  const Explanation explanation = explain(story.log(), script);
  REQUIRE(explanation.steps.size() == 3);
  CHECK(explanation.steps[1].place.line == 5);
  CHECK(explanation.steps[2].failing);
}

TEST_CASE("counts beyond the log's arrays do no harm", "[explorer][account]") {
  Story story;
  Script script;
  Log& log = story.log();
  story.create(1, script.at(1));
  story.step(1, Operation::yield, script.at(2));
  log.steps[0].frame_count = 255;
  log.steps[1].choice = ~0u;
  log.verdict = static_cast<Verdict>(77);
  log.step_count = ~0u;
  log.choice_count = ~0u;
  log.race_count = ~0u;
  log.blocked_count = ~0u;
  log.blocked[0].held_count = ~0u;
  log.blocked[0].frame_count = ~0u;
  log.blocked[0].taken_count = ~0u;
  log.races[0].frame_count = ~0u;
  log.frame_count = ~0u;
  log.steps[2].operation = static_cast<Operation>(200);
  log.steps[3].object = ~std::uint64_t{0};
  log.steps[3].operation = Operation::read;
  log.steps[3].size = 255;
  const Explanation explanation = explain(log, script);
  CHECK(explanation.races.size() == max_races);
  CHECK(explanation.waiting.size() == max_blocked);
}

TEST_CASE("values are decimal, small negative ones with their sign, large ones hex", "[explorer][account]") {
  CHECK(value_text(0, 4) == "0");
  CHECK(value_text(0xffffffff, 4) == "-1");
  CHECK(value_text(0xff, 1) == "255");
  CHECK(value_text(0xfffffffffffffff6, 8) == "-10");
  CHECK(value_text(4'294'967'295, 8) == "4294967295");
  CHECK(value_text(0x100000000, 8) == "0x100000000");
  CHECK(value_text(0x80000000, 4) == "2147483648");
}
