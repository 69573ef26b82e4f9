// Reads hostile submissions, whose form README.md explains, and makes folders of them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace lab::test {

struct Hostile {
  struct Piece {
    std::string place;  // "top", "end", or functions separated by ", "
    std::string code;
  };

  std::string name;
  std::string tries;
  std::string verdict;                 // its first word
  std::vector<std::string> arguments;  // and the others
  std::vector<Piece> pieces;
};

// Throws std::runtime_error, with a sentence, if the file has no such form.
Hostile read_hostile(const std::filesystem::path& file);

// All in the folder, by their names.
std::vector<Hostile> read_all_hostile(const std::filesystem::path& folder);

// Makes `to` a copy of the submission in `from` with the pieces in it; what was there is removed. Throws
// std::runtime_error if a function is not there.
void make_submission(const Hostile& hostile, const std::filesystem::path& from, const std::filesystem::path& to);

// The whole file. Throws std::runtime_error if it can't be read.
std::string contents_of(const std::filesystem::path& file);

}  // namespace lab::test
