#include "tests/explorer/scenarios/programs.hpp"

#include <random>

namespace lab::explorer::scenarios {
namespace {

struct Program {
  int threads;
  int instructions[most_threads];
  Instruction list[most_threads][most_instructions];
} program;

constexpr const char* names[deed_count] = {"load",       "store", "add",   "section", "nested", "attempt", "racy_read",
                                           "racy_write", "wait",  "raise", "yield",   "take",   "give",    "sleep"};

}  // namespace

void draw_program(std::uint64_t number) {
  std::mt19937_64 random(number * 7919 + 17);
  const auto below = [&](unsigned limit) { return static_cast<int>(random() % limit); };
  program.threads = 2 + below(2);
  for (int thread = 0; thread < program.threads; ++thread) {
    program.instructions[thread] = 1 + below(program.threads == 2 ? 3 : 2);
    for (int i = 0; i < program.instructions[thread]; ++i)
      program.list[thread][i] = {static_cast<Deed>(below(deed_count)), below(2), 1 + below(3)};
  }
}

int thread_count() { return program.threads; }
int instruction_count(int thread) { return program.instructions[thread]; }
Instruction instruction(int thread, int place) { return program.list[thread][place]; }

std::string program_text() {
  std::string text;
  for (int thread = 0; thread < program.threads; ++thread) {
    text += thread == 0 ? "" : " || ";
    for (int i = 0; i < program.instructions[thread]; ++i) {
      const Instruction& one = program.list[thread][i];
      text += std::string(i == 0 ? "" : "; ") + names[static_cast<int>(one.deed)] + " " + "ab"[one.variable] + " " +
              std::to_string(one.value);
    }
  }
  return text;
}

}  // namespace lab::explorer::scenarios
