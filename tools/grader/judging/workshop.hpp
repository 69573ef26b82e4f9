// From a submission's two files to the programs that judge it.
//
// The submission is compiled apart, in the sandbox, which shows it the compilers, common/ and its own folder. Its
// object is then sealed: but for the three functions of the seam, under other names, nothing that it defines can be
// seen by what it is linked with, and nothing that it defines replaces anything. Last it is linked with the suite, as
// the lab's build folders link `fixed`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "tools/exercises/recipe.hpp"
#include "tools/grader/sandbox/sandbox.hpp"
#include "tools/grader/screen/objection.hpp"
#include "tools/grader/screen/symbols.hpp"

namespace lab::grader {

// The lab's own build folders that a submission is judged with.
enum class Build { tsan, asan, release };
inline constexpr std::size_t build_count = 3;
const char* name_of(Build build);

struct Judging {
  std::filesystem::path explored, generated, suite_tsan, suite_asan, suite_release;
};

struct CompilerWords {
  std::string compiler;  // "clang++"
  std::string text;
};

struct Made {
  Judging programs;
  std::filesystem::path source;  // the session_manager.cpp they were made of
  std::vector<CompilerWords> warnings;
  // It uses what ThreadSanitizer accuses although it is right (docs/guide/instructors.md): a report of a race counts
  // only where the explorer sees that race too.
  bool accused_wrongly = false;
};

// Why a submission gets no program.
struct Unmade {
  enum class Why { screened, does_not_compile, machine } why = Why::machine;
  std::string reason;                 // a sentence
  std::vector<Objection> objections;  // screened: all of them
  std::vector<CompilerWords> words;   // does_not_compile: the compiler's own
};

// Thread safe: several submissions at once, each in a folder of its own.
class Workshop {
public:
  // `root` is the checkout, whose build folders have all that is linked; build() of lab_builds.hpp sees to it. The
  // error is a sentence.
  static tl::expected<Workshop, std::string> open(const std::filesystem::path& root, const Sandbox& sandbox);

  // `folder` has a folder "submission" with the two files, and nothing else; all that is made is put beside it. The
  // folder's name is part of what is made: the same submission in the same folder gives the same programs. Runs up to
  // `workers` compilers at once. What is not screened is compiled whatever it says: for tests of what else must hold
  // it.
  tl::expected<Made, Unmade> make(const std::filesystem::path& folder, std::size_t workers, bool screened = true) const;

private:
  Workshop(std::filesystem::path root, const Sandbox& sandbox) : root_(std::move(root)), sandbox_(&sandbox) {}

  process::Ran in_sandbox(std::vector<std::string> words, const std::filesystem::path& folder,
                          const std::vector<std::filesystem::path>& shown) const;
  struct Compiled {
    std::optional<Unmade> unmade;
    std::vector<CompilerWords> warnings;
    bool accused_wrongly = false;
  };
  // Screened, compiled and sealed.
  Compiled compile(const std::filesystem::path& folder, Build build, bool screened) const;
  // A second opinion, that nothing depends on.
  std::vector<CompilerWords> warnings_of_gcc(const std::filesystem::path& folder) const;
  std::optional<Unmade> seal(const std::filesystem::path& object, const std::filesystem::path& folder) const;
  std::optional<Unmade> link(const std::filesystem::path& folder, Build build, exercises::Program program,
                             const std::filesystem::path& output) const;

  const exercises::Recipe& recipe(Build build) const { return *recipes_[static_cast<std::size_t>(build)]; }
  // What a submission may include, and no more: the checkout has the tests too.
  std::filesystem::path headers() const { return root_ / "build/grader/include"; }
  std::filesystem::path ahead() const { return root_ / "build/grader/ahead"; }
  void copy_headers() const;
  std::filesystem::path build_folder(Build build) const { return root_ / "build" / name_of(build); }

  std::filesystem::path root_;
  const Sandbox* sandbox_;
  std::optional<exercises::Recipe> recipes_[build_count];
  SymbolNames common_;  // what common/ defines
};

}  // namespace lab::grader
