// What became of each mutant, and the file that keeps it.
//
//   { "schema": 1, "mutants": [ { "id": "remove-lock/end/1", "fate": "killed", "judge": "explorer",
//       "test": "a claim's name", "verdict": "data_race", "summary": "one line", "seconds": 1.5 } ] }
//
// fate: killed · proved · survived · could_not_judge. Of the other members only a killed one has all.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace lab::mutants {

enum class Fate { killed, proved, survived, could_not_judge };
std::string to_string(Fate fate);

struct Kill {
  std::string judge;    // one-thread, explorer, tsan
  std::string test;     // the claim's name
  std::string verdict;  // assertion, data_race, deadlock, ...: the lab's words
};

struct Result {
  std::string id;
  Fate fate = Fate::could_not_judge;
  Kill kill;
  std::string summary;
  double seconds = 0;
};

void write_results(const std::filesystem::path& path, const std::vector<Result>& results);

// Throws std::runtime_error for a file that is not of the form above.
std::vector<Result> read_results(const std::filesystem::path& path);

}  // namespace lab::mutants
