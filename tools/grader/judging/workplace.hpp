// Where one submission is worked on: a folder for each user of the machine and each content, since a program's build
// id, which a replay must match, depends on the names of the files it was made of. It takes a hundred megabytes while
// its owner lives, and is gone after it; what a killed process leaves, the next one with the same content clears away.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "tools/process/file_lock.hpp"

namespace lab::grader {

// Where the workplace of a content that has this number is, whether there is one or not.
std::filesystem::path workplace_of(const std::string& number);

// What a grade takes, and as much again for others.
inline constexpr std::uintmax_t workplace_bytes = 200'000'000;

// In a sentence, that the disk of the workplaces has fewer bytes free; empty if it has more. A compiler that can't
// write its output ends as one that refuses its input does, so ask before a submission is refused, too.
std::string lack_of_room(std::uintmax_t bytes = workplace_bytes);

class Workplace {
public:
  // Waits until nobody else, in whichever process, works on the same content. Empty at first. Throws
  // std::filesystem::filesystem_error if the machine has no room, and std::runtime_error if the folder of all
  // workplaces is another user's.
  explicit Workplace(const std::string& number);
  ~Workplace();
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
  process::FileLock lock_;  // on a file beside it
};

}  // namespace lab::grader
