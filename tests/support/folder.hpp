// A folder for the database of one test; gone with all that is in it when the test ends.
#pragma once

#include <filesystem>

#include "tools/process/folder.hpp"

namespace lab::test {

class Folder : public process::Folder {
public:
  Folder() : process::Folder("lab-test") {}

  std::filesystem::path file() const { return path() / "sessions.db"; }
};

}  // namespace lab::test
