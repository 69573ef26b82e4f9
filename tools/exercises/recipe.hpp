// How a session manager is built as a build folder builds `fixed`: the same compile command, and the same link commands
// with another object in place of the implementation's archive. So that any copy, in any folder, can be judged without
// a build of its own. The folder must be Ninja's, and up to date.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "tools/process/process.hpp"

namespace lab::exercises {

// The programs that hold the suite, one for each of its judges; the one that explores generated programs; and the web
// server.
enum class Program { suite, explored, generated, serve };
inline constexpr std::size_t program_count = 4;

class Recipe {
public:
  // The error is a sentence: the folder lacks one of these programs, or has commands of another form than expected.
  static tl::expected<Recipe, std::string> read(const std::filesystem::path& build_folder,
                                                const std::filesystem::path& fixed_folder,
                                                const std::vector<Program>& programs = {Program::suite,
                                                                                        Program::explored});

  // The programs as they are, with `fixed` in them, and their names as the build tool's targets.
  std::filesystem::path original(Program program) const;
  static const char* target(Program program);

  // The compile command without source and output.
  const std::vector<std::string>& compiler() const { return compile_; }
  // Warnings are warnings, and `more` options come last. The object's folder must be there. A quicker linker than the
  // build's own links, where there is one; what a program does, and what is said of it, is the same.
  process::Command compile(const std::filesystem::path& source, const std::filesystem::path& object,
                           const std::vector<std::string>& more = {}) const;
  // Only of the programs that it was read for. The objects and archives stand where the implementation's archive did.
  process::Command link(Program program, const std::vector<std::filesystem::path>& objects,
                        const std::filesystem::path& output) const;

private:
  std::filesystem::path folder_;
  std::vector<std::string> compile_;                          // up to, and without, the source and the output
  std::array<std::vector<std::string>, program_count> link_;  // with empty words where objects and output stand
};

}  // namespace lab::exercises
