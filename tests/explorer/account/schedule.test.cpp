#include "tools/explorer/account/schedule.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <random>

using namespace lab::explorer;

namespace {

Schedule example() {
  Schedule schedule;
  schedule.build_id = "1a2b3c4d";
  schedule.seed = 0x2a;
  schedule.hot = {0x401136, 0x401152};
  schedule.departures = {{2, {2, Act::run}, 0x9f3c}, {40, {1, Act::time_out}, 0x07de}};
  schedule.final_state = 0x5e6f7a8b;
  return schedule;
}

const std::string text = "lab1-1a2b3c4d-ts.2a-2hzqu,s-2.2+9f3c,40.1t+07de-5e6f7a8b";

bool equal(const Schedule& a, const Schedule& b) {
  const auto same = [](const Departure& x, const Departure& y) {
    return x.choice == y.choice && x.alternative == y.alternative && x.state == y.state;
  };
  return a.build_id == b.build_id && a.every_access == b.every_access && a.unlock_points == b.unlock_points &&
         a.time_outs == b.time_outs && a.spurious == b.spurious && a.seed == b.seed && a.hot == b.hot &&
         std::equal(a.departures.begin(), a.departures.end(), b.departures.begin(), b.departures.end(), same) &&
         a.final_state == b.final_state;
}

std::string refusal(const std::string& schedule) {
  const auto decoded = decode(schedule);
  return decoded ? "accepted" : decoded.error();
}

}  // namespace

TEST_CASE("a schedule is written in the documented form", "[explorer][account]") { CHECK(encode(example()) == text); }

TEST_CASE("a schedule that is written and read is the same", "[explorer][account]") {
  CHECK(equal(*decode(text), example()));

  Schedule empty;
  empty.build_id = "00000000";
  empty.time_outs = empty.spurious = false;
  CHECK(encode(empty) == "lab1-00000000-.0-_-_-00000000");
  CHECK(equal(*decode(encode(empty)), empty));

  std::mt19937_64 random(1);
  for (int round = 0; round < 2000; ++round) {
    Schedule schedule;
    schedule.build_id = "89abcdef";
    schedule.every_access = random() % 2 == 0;
    schedule.unlock_points = random() % 2 == 0;
    schedule.time_outs = random() % 2 == 0;
    schedule.spurious = random() % 2 == 0;
    schedule.seed = random() >> (random() % 64);
    std::uint64_t pc = 0;
    for (std::uint64_t i = random() % 6; i > 0; --i)
      schedule.hot.push_back(pc += 1 + (random() >> (4 + random() % 60)));
    std::uint32_t choice = 0;
    for (std::uint64_t i = random() % 6; i > 0; --i) {
      choice += 1 + static_cast<std::uint32_t>(random() % 1000);
      schedule.departures.push_back(
          {choice,
           {static_cast<std::uint16_t>(random() % max_threads), static_cast<Act>(random() % 4)},
           random() & 0xffff});
    }
    schedule.final_state = random() & 0xffffffff;
    const auto decoded = decode(encode(schedule));
    REQUIRE(decoded);
    REQUIRE(equal(*decoded, schedule));
  }
}

TEST_CASE("states are cut down to what the string keeps, and compared so", "[explorer][account]") {
  Schedule schedule = example();
  schedule.departures[0].state = 0x0123456789ab9f3c;
  schedule.final_state = 0x012345675e6f7a8b;
  CHECK(encode(schedule) == text);
  CHECK(is_state_at_departure(0x0123456789ab9f3c, 0x9f3c));
  CHECK_FALSE(is_state_at_departure(0x0123456789ab9f3d, 0x9f3c));
  CHECK(is_state_at_departure(0x0123456789ab9f3d, 0));
  CHECK(is_state_at_end(0x012345675e6f7a8b, 0x5e6f7a8b));
  CHECK_FALSE(is_state_at_end(0x012345675e6f7a8c, 0x5e6f7a8b));
}

TEST_CASE("what is no schedule of this version is refused", "[explorer][account]") {
  CHECK(refusal("") == "the schedule is empty: give the string at the end of a report");
  CHECK(refusal("2.2") == "no schedule begins like this one: they begin with lab1-");
  CHECK(refusal("labx-1a2b3c4d") == "no schedule begins like this one: they begin with lab1-");
  CHECK(refusal("lab2-1a2b3c4d-whatever") ==
        "the schedule has format version 2, and this program reads version 1: replay it with the lab that made it, or "
        "explore again");
}

TEST_CASE("characters that stand in no schedule are refused with their place", "[explorer][account]") {
  CHECK(refusal("lab1-1A2b3c4d-ts.2a-_-_-00000000") == "character 7 of the schedule is 'A', which stands in none");
  CHECK(refusal("lab1-1a2b3c4d ts.2a-_-_-00000000") ==
        "character 14 of the schedule is the byte 0x20, which stands in none");
  CHECK(refusal("lab1-1a2b3c4d-ts.2a-_-_-00000000\n") ==
        "character 33 of the schedule is the byte 0x0a, which stands in none");
  CHECK(refusal(std::string("lab1-\0", 6)) == "character 6 of the schedule is the byte 0x00, which stands in none");
  CHECK(refusal("lab1-\xff") == "character 6 of the schedule is the byte 0xff, which stands in none");
}

TEST_CASE("a schedule cut off at any place is refused as cut short, and says in which part", "[explorer][account]") {
  for (std::size_t size = 4; size < text.size(); ++size) {
    INFO(text.substr(0, size));
    CHECK(
        refusal(text.substr(0, size))
            .starts_with("the schedule is cut short: it ends after " + std::to_string(size) + " characters, in part "));
  }
  CHECK(refusal("lab1-1a2b") == "the schedule is cut short: it ends after 9 characters, in part 2 of 6 (the build id)");
  CHECK(refusal("lab1-1a2b3c4d-ts") ==
        "the schedule is cut short: it ends after 16 characters, in part 3 of 6 (the flags and the seed)");
  CHECK(refusal("lab1-1a2b3c4d-ts.2a-") ==
        "the schedule is cut short: it ends after 20 characters, in part 4 of 6 (the hot places)");
  CHECK(refusal("lab1-1a2b3c4d-ts.2a-_-2.2+9f") ==
        "the schedule is cut short: it ends after 28 characters, in part 5 of 6 (the departures)");
  CHECK(refusal("lab1-1a2b3c4d-ts.2a-_-2.2+9f3c-5e6f") ==
        "the schedule is cut short: it ends after 35 characters, in part 6 of 6 (the state at the end)");
}

TEST_CASE("departures that do not ascend are refused", "[explorer][account]") {
  CHECK(refusal("lab1-1a2b3c4d-ts.0-_-40.1+0000,2.2+0000-00000000") ==
        "character 32 of the schedule, in the departures: choice 2 comes after choice 40, but they have to ascend");
  CHECK(refusal("lab1-1a2b3c4d-ts.0-_-2.1+0000,2.2+0000-00000000") ==
        "character 31 of the schedule, in the departures: choice 2 comes after choice 2, but they have to ascend");
}

TEST_CASE("what can't be is refused where it stands", "[explorer][account]") {
  CHECK(refusal("lab1-1a2b3c4d-st.0-_-_-00000000") ==
        "character 16 of the schedule, in the flags and the seed: 't' stands where one of the flags a, u, t, s in this "
        "order, or the point before the seed, should be");
  CHECK(refusal("lab1-1a2b3c4d-ts.0-5,0-_-00000000") ==
        "character 22 of the schedule, in the hot places: a program counter stands there twice");
  CHECK(refusal("lab1-1a2b3c4d-ts.0-zzzzzzzzzzzzz-_-00000000") ==
        "character 20 of the schedule, in the hot places: a program counter is too large");
  CHECK(refusal("lab1-1a2b3c4d-ts.0-_-2.1024+0000-00000000") ==
        "character 24 of the schedule, in the departures: the number of a thread is too large");
  CHECK(refusal("lab1-1a2b3c4d-ts.0-_-4294967296.1+0000-00000000") ==
        "character 22 of the schedule, in the departures: the number of a choice is too large");
  CHECK(refusal("lab1-1a2b3c4d-ts.0-_-02.1+0000-00000000") ==
        "character 22 of the schedule, in the departures: the number of a choice begins with a zero");
  CHECK(refusal("lab1-1a2b3c4d-ts.0-_-2.1x+0000-00000000") ==
        "character 25 of the schedule, in the departures: 'x' stands where the + before the state should be");
  CHECK(refusal("lab1-1a2b3c4d-ts.0-_-_-00000000-1") ==
        "character 32 of the schedule, in the state at the end: '-' stands where the end should be");
}

TEST_CASE("more departures or hot places than a plan holds are refused", "[explorer][account]") {
  Schedule schedule = example();
  schedule.departures.clear();
  for (std::uint32_t i = 0; i < max_departures; ++i) schedule.departures.push_back({i, {1, Act::run}, 0});
  CHECK(decode(encode(schedule)));
  schedule.departures.push_back({max_departures, {1, Act::run}, 0});
  CHECK(refusal(encode(schedule)).ends_with("in the departures: more than 16384"));

  schedule = example();
  schedule.hot.clear();
  for (std::uint64_t i = 0; i < max_hot; ++i) schedule.hot.push_back(i);
  CHECK(decode(encode(schedule)));
  schedule.hot.push_back(max_hot);
  CHECK(refusal(encode(schedule)).ends_with("in the hot places: more than 4096"));
}

TEST_CASE("a schedule of another build is refused with both build ids", "[explorer][account]") {
  CHECK(check_build(example(), "1a2b3c4d"));
  CHECK(check_build(example(), "5e6f7a8b").error() ==
        "the schedule was recorded with another build of the program (1a2b3c4d, and this one is 5e6f7a8b): build it as "
        "it "
        "was, or explore again");
}

TEST_CASE("whatever a valid string is turned into, it is refused or read as exactly what it says",
          "[explorer][account]") {
  std::mt19937_64 random(20'240'601);
  constexpr std::string_view likely = "0123456789abcdeflstuz.,+_-";
  int accepted = 0;
  for (int round = 0; round < 100'000; ++round) {
    std::string mutated = text;
    for (std::uint64_t i = 1 + random() % 3; i > 0; --i) {
      const std::size_t place = mutated.empty() ? 0 : random() % mutated.size();
      const char c = random() % 8 == 0 ? static_cast<char>(random()) : likely[random() % likely.size()];
      switch (random() % 5) {
        case 0:
          mutated.insert(place, 1, c);
          break;
        case 1:
          if (!mutated.empty()) mutated[place] = c;
          break;
        case 2:
          mutated.erase(place, 1);
          break;
        case 3:
          mutated.resize(place);
          break;
        default:
          mutated.insert(place, mutated.substr(random() % (mutated.size() + 1), random() % 20));
          break;
      }
    }
    const auto decoded = decode(mutated);
    if (!decoded) {
      REQUIRE_FALSE(decoded.error().empty());
      continue;
    }
    ++accepted;
    REQUIRE(encode(*decoded) == mutated);
  }
  CHECK(accepted > 1000);  // else nothing of interest was tried
}

TEST_CASE("a copy of a plan has what is counted of its lists, and no more than there is room for",
          "[explorer][account]") {
  const auto plan = std::make_unique<Plan>();
  plan->hot_count = 2;
  plan->hot[0] = 0x401136;
  plan->hot[1] = 0x401152;
  plan->departure_count = 1;
  plan->departures[0] = {40, {1, Act::time_out}, 0x07de};
  const auto copy = std::make_unique<Plan>(*plan);
  CHECK(copy->hot_count == 2);
  CHECK(copy->hot[1] == 0x401152);
  CHECK(copy->departure_count == 1);
  CHECK(copy->departures[0].choice == 40);
  CHECK(copy->departures[0].alternative == Alternative{1, Act::time_out});

  // What the program under test wrote.
  plan->hot_count = plan->departure_count = 0xffff'ffff;
  *copy = *plan;
  CHECK(copy->hot_count == max_hot);
  CHECK(copy->departure_count == max_departures);
}
