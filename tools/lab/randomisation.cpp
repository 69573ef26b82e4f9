#include "tools/lab/randomisation.hpp"

#include <sys/personality.h>

#include <fstream>

#include "tools/process/process.hpp"

namespace lab::cli {
namespace {

// Too much randomisation leaves a start to luck: at 30 bits, one in four goes well. All of ten are no luck.
constexpr int starts_of_luck = 10;
constexpr int bits_without_luck = 28;

int starts() {
  int bits = 0;
  std::ifstream("/proc/sys/vm/mmap_rnd_bits") >> bits;
  return bits > 0 && bits <= bits_without_luck ? 1 : starts_of_luck;
}

unsigned long personality_now() { return static_cast<unsigned long>(::personality(0xffffffff)); }

bool tsan_starts(const std::filesystem::path& program) {
  for (int i = starts(); i > 0; --i) {
    if (!process::run({{program.string(), "--list-tests"}}, [](const std::string&) {}).ok()) return false;
  }
  return true;
}

}  // namespace

bool make_tsan_start(const std::filesystem::path& program) {
  if (tsan_starts(program)) return true;
  ::personality(personality_now() | ADDR_NO_RANDOMIZE);
  return tsan_starts(program);
}

bool is_randomisation_off() { return (personality_now() & ADDR_NO_RANDOMIZE) != 0; }

}  // namespace lab::cli
