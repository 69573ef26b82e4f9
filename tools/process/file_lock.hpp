// A lock that processes share, on a file: ./lab holds the one on build/.lock while a build folder is written to.
#pragma once

#include <filesystem>

namespace lab::process {

// Waits until nobody else holds it; makes the file if need be. Where the file can't be made, nothing is locked.
class FileLock {
public:
  explicit FileLock(const std::filesystem::path& file);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

private:
  int descriptor_;
};

}  // namespace lab::process
