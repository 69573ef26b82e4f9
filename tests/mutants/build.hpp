// Building a mutant as the build folder builds `fixed`: the same compile command, and the same link commands with the
// mutant's object in place of the implementation's archive. The folder must be Ninja's, and up to date.
#pragma once

#include <filesystem>
#include <string>

#include "tests/mutants/mutations.hpp"

namespace lab::mutants {

// The programs that hold the suite, one for each of its judges.
enum class Program { suite, explored };

class Build {
public:
  // Reads the commands of the folder's programs suite_fixed and explored_fixed. Throws std::runtime_error where it has
  // none such.
  Build(std::filesystem::path fixed_folder, std::filesystem::path build_folder);

  // The programs as they are, with `fixed` in them.
  std::filesystem::path original(Program program) const;

  // Writes the two files of the mutant to `folder`, and compiles. Returns the compiler's complaint, or "".
  std::string compile(const Mutant& mutant, const std::filesystem::path& folder) const;

  // Links the mutant that was compiled in the folder, unless it is linked already. Throws std::runtime_error with the
  // linker's complaint.
  std::filesystem::path link(Program program, const std::filesystem::path& folder) const;

private:
  std::filesystem::path fixed_folder_;
  std::filesystem::path build_folder_;
  std::string compile_command_;
  std::string link_commands_[2];
};

}  // namespace lab::mutants
