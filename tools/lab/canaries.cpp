#include "tools/lab/canaries.hpp"

#include <fmt/format.h>

#include <future>
#include <vector>

#include "tools/process/process.hpp"

namespace lab::cli {
namespace {

struct Canary {
  std::string claim;
  std::string words;  // in what its judge prints
  std::vector<std::string> environment = {};
  std::vector<std::string> options = {};
};

// What every judge with real threads sees. Where the system does not say what threads wait for, those that wait for
// each other are given up after a second; those of the others wait for nobody, but may take longer to be started.
const std::vector<Canary> with_real_threads = {
    {"canary: a lost update", "canary: an update is lost"},
    {"canary: a deadlock", "stuck: canary: a deadlock", {"LAB_STUCK_AFTER_MS=1000"}}};

std::vector<Canary> canaries_of(const std::string& preset) {
  if (preset == "explore") {
    std::vector<Canary> canaries = {{"canary: a data race", "data_race: "},
                                    {"canary: a lost update", "assertion: canary: an update is lost"},
                                    {"canary: a deadlock", "deadlock: "},
                                    {"canary: a use after free", "use_after_free: "}};
    // A sentence is enough; the account of it takes longer than to find it.
    for (Canary& canary : canaries) canary.options = {"--explore-brief"};
    return canaries;
  }
  std::vector<Canary> canaries = with_real_threads;
  if (preset == "tsan") canaries.push_back({"canary: a data race", "report by ThreadSanitizer: data-race"});
  if (preset == "asan") canaries.push_back({"canary: a use after free", "heap-use-after-free"});
  return canaries;
}

bool is_heard(const std::string& program, const Canary& canary) {
  bool reported = false;
  std::vector<std::string> words = {program, canary.claim};
  words.insert(words.end(), canary.options.begin(), canary.options.end());
  (void)process::run({.words = words, .environment = canary.environment},
                     [&](const std::string& line) { reported |= line.find(canary.words) != std::string::npos; });
  return reported;
}

}  // namespace

bool canaries_sing(const Context& context, const std::vector<std::string>& presets) {
  struct Song {
    std::string preset, program;
    Canary canary;
    std::future<bool> heard;
  };
  // All at once: none depends on another.
  std::vector<Song> songs;
  for (const std::string& preset : presets) {
    const bool explored = preset == "explore";
    const std::string program = (context.root / "build" / (explored ? "tsan" : preset) / "tests/canaries" /
                                 (explored ? "canaries_explored" : "canaries_stress"))
                                    .string();
    for (const Canary& canary : canaries_of(preset)) {
      songs.push_back({preset, program, canary,
                       std::async(std::launch::async, [program, canary] { return is_heard(program, canary); })});
    }
  }
  bool all = true;
  for (Song& song : songs) {
    // Real threads that a busy machine starts one after the other don't race: once more, by itself.
    if (song.heard.get() || is_heard(song.program, song.canary)) continue;
    fmt::print("lab: {} does not report the fault planted in tests/canaries; see what it says:\n     {} '{}'\n",
               song.preset, song.program, song.canary.claim);
    all = false;
  }
  return all;
}

}  // namespace lab::cli
