// Small concurrent programs drawn at random from a grammar. They are data, which a scenario interprets
// (generated.test.cpp); the explorer must not see it being read.
#pragma once

#include <cstdint>
#include <string>

namespace lab::explorer::scenarios {

enum class Deed : std::uint8_t {
  load,
  store,
  add,
  section,  // lock, change what the mutex guards, unlock
  nested,   // the other mutex is taken within the section
  attempt,  // the same as section, if the mutex can be had at once
  racy_read,
  racy_write,
  wait,   // until the flag is up
  raise,  // the flag, and notify one or all
  yield,
  take,  // a semaphore
  give,
  sleep,
};
inline constexpr int deed_count = 14;

struct Instruction {
  Deed deed;
  int variable;  // 0 or 1: of the two of a kind
  int value;     // 1 to 3
};

inline constexpr int most_threads = 3;
inline constexpr int most_instructions = 3;

// The program that is interpreted from now on. The same number, the same program.
void draw_program(std::uint64_t number);

int thread_count();
int instruction_count(int thread);
Instruction instruction(int thread, int place);

std::string program_text();

}  // namespace lab::explorer::scenarios
