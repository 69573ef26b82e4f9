// How a session manager is built as a build folder builds `fixed`: the same compile command, and the same link commands
// with another object in place of the implementation's archive. So that any copy, in any folder, can be judged without
// a build of its own. The folder must be Ninja's, and up to date.
#pragma once

#include <filesystem>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "tools/process/process.hpp"

namespace lab::exercises {

// The programs that hold the suite, one for each of its judges.
enum class Program { suite, explored };

class Recipe {
public:
  // The error is a sentence: the folder has no such programs, or commands of another form than expected.
  static tl::expected<Recipe, std::string> read(const std::filesystem::path& build_folder,
                                                const std::filesystem::path& fixed_folder);

  // The programs as they are, with `fixed` in them, and their names as the build tool's targets.
  std::filesystem::path original(Program program) const;
  static const char* target(Program program);

  // Warnings are warnings, and `more` options come last. The object's folder must be there.
  process::Command compile(const std::filesystem::path& source, const std::filesystem::path& object,
                           const std::vector<std::string>& more = {}) const;
  process::Command link(Program program, const std::filesystem::path& object,
                        const std::filesystem::path& output) const;

private:
  std::filesystem::path folder_;
  std::vector<std::string> compile_;  // up to, and without, the source and the output
  std::vector<std::string> link_[2];  // with empty words where the object and the output stand
};

}  // namespace lab::exercises
