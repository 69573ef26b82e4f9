#include <fmt/format.h>
#include <unistd.h>

#include "tools/lab/complain.hpp"
#include "tools/lab/exercise.hpp"
#include "tools/lab/workspace.hpp"

namespace lab::cli {

namespace fs = std::filesystem;

namespace {

// Made beside and renamed: there is all of the copy or none.
void make_copy(const Workspace& workspace) {
  const fs::path beside = workspace.work().string() + ".new" + std::to_string(::getpid());
  fs::remove_all(beside);
  fs::create_directories(beside);
  for (const char* name : submitted_files) {
    fs::copy_file(workspace.handout() / name, beside / name);
    // The handout may have come read-only.
    fs::permissions(beside / name, fs::perms::owner_write, fs::perm_options::add);
  }
  fs::rename(beside, workspace.work());
}

Status tell_what_next(const Workspace& workspace) {
  const auto index = workspace.index();
  if (!index) return complain(could_not_judge, index.error());
  const exercises::Exercise& first = index->exercises.front();
  fmt::print(
      "{} is your working copy: the session manager with all its bugs. Edit it there.\n\n"
      "  read     {}\n"
      "  check    ./lab check       judges the first exercise that is red, and those that were green\n"
      "  watch    ./lab watch       the same at each save\n"
      "  stuck?   ./lab hint {}     the next hint\n"
      "  ladder   ./lab list        all {} exercises, and where you stand\n",
      Workspace::shown(workspace.work()), Workspace::shown(workspace.page(first, "README.md")), first.id,
      index->exercises.size());
  return passed;
}

}  // namespace

Status start(const Context& context) {
  const Workspace workspace(context);
  std::error_code error;
  if (fs::exists(fs::symlink_status(workspace.work(), error))) {
    return complain(usage,
                    fmt::format("{} is there already: ./lab check judges it; ./lab reset keeps it and makes a new one",
                                Workspace::shown(workspace.work())));
  }
  make_copy(workspace);
  return tell_what_next(workspace);
}

Status reset(const Context& context) {
  const Workspace workspace(context);
  std::error_code error;
  if (!fs::exists(fs::symlink_status(workspace.work(), error))) return start(context);
  fs::path kept;
  for (int number = 1; kept.empty() || fs::exists(fs::symlink_status(kept, error)); ++number)
    kept = workspace.work().string() + "." + std::to_string(number);
  fs::rename(workspace.work(), kept);
  fmt::print("The working copy until now is kept as {}, with its progress; the new one has none.\n",
             Workspace::shown(kept));
  make_copy(workspace);
  return tell_what_next(workspace);
}

}  // namespace lab::cli
