// Where the student works: the folders, and what of them is there.
#pragma once

#include <filesystem>
#include <string>
#include <tl/expected.hpp>

#include "tools/exercises/index.hpp"
#include "tools/lab/commands.hpp"

namespace lab::cli {

inline constexpr const char* submitted_files[] = {"session_manager.hpp", "session_manager.cpp"};

class Workspace {
public:
  explicit Workspace(const Context& context);

  const std::filesystem::path& root() const { return root_; }
  // The working copy: exercises/work, or what RACELAB_WORK names.
  const std::filesystem::path& work() const { return work_; }
  std::filesystem::path source() const { return work_ / "session_manager.cpp"; }
  std::filesystem::path handout() const { return root_ / "buggy"; }
  std::filesystem::path exercises() const { return root_ / "exercises"; }
  std::filesystem::path page(const exercises::Exercise& exercise, const std::string& file) const;
  std::filesystem::path build() const { return root_ / "build/tsan"; }
  // What is made of the working copy, apart from other copies'.
  std::filesystem::path made() const;
  // What copies include, compiled ahead: the same for most of them.
  std::filesystem::path ahead() const { return build() / "ahead"; }

  // As a user types it from here.
  static std::string shown(const std::filesystem::path& path);

  // A sentence that says what of the working copy can't be read, and what to do.
  tl::expected<void, std::string> readable() const;

  tl::expected<exercises::Index, std::string> index() const;

private:
  std::filesystem::path root_, work_;
};

}  // namespace lab::cli
