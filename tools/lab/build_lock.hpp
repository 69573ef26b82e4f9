// Held while a build folder is written to: by ./lab as well, on the same file.
#pragma once

#include <filesystem>

namespace lab::cli {

class BuildLock {
public:
  explicit BuildLock(const std::filesystem::path& file);
  ~BuildLock();
  BuildLock(const BuildLock&) = delete;
  BuildLock& operator=(const BuildLock&) = delete;

private:
  int descriptor_;
};

}  // namespace lab::cli
