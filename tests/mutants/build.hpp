// Building a mutant as the build folder builds `fixed` (tools/exercises/recipe.hpp).
#pragma once

#include <filesystem>
#include <string>

#include "tests/mutants/mutations.hpp"
#include "tools/exercises/recipe.hpp"

namespace lab::mutants {

using exercises::Program;

class Build {
public:
  // Throws std::runtime_error where the folder has no programs with `fixed` in them.
  Build(std::filesystem::path fixed_folder, const std::filesystem::path& build_folder);

  // The programs as they are, with `fixed` in them.
  std::filesystem::path original(Program program) const { return recipe_.original(program); }

  // Writes the two files of the mutant to `folder`, and compiles. Returns the compiler's complaint, or "".
  std::string compile(const Mutant& mutant, const std::filesystem::path& folder) const;

  // Links the mutant that was compiled in the folder, unless it is linked already. Throws std::runtime_error with the
  // linker's complaint.
  std::filesystem::path link(Program program, const std::filesystem::path& folder) const;

private:
  std::filesystem::path fixed_folder_;
  exercises::Recipe recipe_;
};

}  // namespace lab::mutants
