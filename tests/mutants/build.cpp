#include "tests/mutants/build.hpp"

#include <stdexcept>
#include <utility>

#include "tests/mutants/files.hpp"

namespace lab::mutants {

namespace fs = std::filesystem;

namespace {

exercises::Recipe recipe_of(const fs::path& build_folder, const fs::path& fixed_folder) {
  auto recipe = exercises::Recipe::read(build_folder, fixed_folder);
  if (!recipe) throw std::runtime_error(recipe.error());
  return std::move(*recipe);
}

}  // namespace

Build::Build(fs::path fixed_folder, const fs::path& build_folder)
    : fixed_folder_(std::move(fixed_folder)), recipe_(recipe_of(build_folder, fixed_folder_)) {}

std::string Build::compile(const Mutant& mutant, const fs::path& folder) const {
  fs::create_directories(folder);
  for (const char* file : {"session_manager.hpp", "session_manager.cpp"}) {
    write_file(folder / file, file == mutant.file ? mutant.text : read_file(fixed_folder_ / file));
  }
  // A mutant need not be free of warnings: that a lock is missing is what clang's analysis is there to say.
  const process::Ran ran =
      process::run(recipe_.compile(folder / "session_manager.cpp", folder / "session_manager.o", {"-w"}));
  return ran.ok() ? "" : ran.output + (ran.over_time ? " (stopped at its limit)" : "");
}

fs::path Build::link(Program program, const fs::path& folder) const {
  const fs::path output = folder / original(program).filename();
  if (fs::exists(output)) return output;
  const process::Ran ran = process::run(recipe_.link(program, {folder / "session_manager.o"}, output));
  if (!ran.ok()) throw std::runtime_error("the mutant can't be linked: " + ran.output);
  return output;
}

}  // namespace lab::mutants
