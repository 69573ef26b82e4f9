#include "tests/explored/places.hpp"

#include <algorithm>
#include <filesystem>

namespace lab::test {

using namespace explorer;

std::vector<Place> stack_in_implementation(const std::uint64_t* frames, std::uint32_t count, Names& names) {
  std::vector<Place> stack;
  for (std::uint32_t i = 0; i < count; ++i) {
    for (const Place& place : names.frames(frames[i])) {
      if (std::filesystem::path(place.file).filename() == "session_manager.cpp") stack.push_back(place);
    }
  }
  return stack;
}

Place place_in_implementation(const std::uint64_t* frames, std::uint32_t count, Names& names) {
  const std::vector<Place> stack = stack_in_implementation(frames, count, names);
  return stack.empty() ? Place{} : stack.front();
}

std::vector<InterruptedAt> places_of(const Exchange& recorded, Verdict verdict, Names& names) {
  std::vector<InterruptedAt> places;
  const auto add = [&](const std::uint64_t* frames, std::uint32_t count, std::uint16_t thread) {
    for (const Place& place : stack_in_implementation(frames, count, names)) places.push_back({place, thread});
  };
  const Log& log = recorded.log;
  if (verdict == Verdict::data_race) {
    for (std::uint32_t i = 0; i < log.race_count; ++i) {
      const Race& race = log.races[i];
      add(race.frames, race.frame_count, race.later.thread);
      add(&race.earlier.pc, 1, race.earlier.thread);
    }
    return places;
  }
  if (verdict == Verdict::deadlock) {
    for (std::uint32_t i = 0; i < log.blocked_count; ++i)
      add(log.blocked[i].frames, log.blocked[i].frame_count, log.blocked[i].thread);
    return places;
  }
  for (std::uint32_t i = 0; i < recorded.plan.departure_count; ++i) {
    const std::uint32_t number = recorded.plan.departures[i].choice;
    if (number >= log.choice_count) continue;
    const std::uint16_t thread = log.choices[number].running;
    // What it was about to do is its next step; if the run ended before, what it had done is its last.
    const Step* at = nullptr;
    for (std::uint32_t k = 0; k < log.step_count; ++k) {
      const Step& step = log.steps[k];
      if (step.thread != thread || step.operation == Operation::failure) continue;
      at = &step;
      if (step.choice > number) break;
    }
    if (at != nullptr) add(at->frames, at->frame_count, thread);
  }
  if (places.empty()) add(log.frames, log.frame_count, log.failing_thread);
  return places;
}

}  // namespace lab::test
