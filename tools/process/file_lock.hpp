// A lock that processes share, on a file: ./lab holds the one on build/.lock while a build folder is written to.
#pragma once

#include <filesystem>

namespace lab::process {

// Waits until nobody else holds it; makes the file if need be. Where the file can't be made, nothing is locked.
class FileLock {
public:
  // What becomes of the file when the owner is done; all owners of one file are to say the same.
  enum class Afterwards { stays, goes };

  explicit FileLock(const std::filesystem::path& file, Afterwards afterwards = Afterwards::stays);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

private:
  std::filesystem::path goes_;  // empty: stays
  int descriptor_ = -1;
};

}  // namespace lab::process
