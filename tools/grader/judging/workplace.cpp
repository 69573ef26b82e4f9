#include "tools/grader/judging/workplace.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>
#include <system_error>

namespace lab::grader {

namespace fs = std::filesystem;

namespace {

fs::path all_workplaces() { return fs::temp_directory_path() / fmt::format("lab-grade-{}", ::geteuid()); }

// Whoever made it first could change what is compiled and run in it.
void refuse_another_users(const fs::path& folder) {
  struct stat found {};
  if (::lstat(folder.c_str(), &found) != 0 || (S_ISDIR(found.st_mode) && found.st_uid == ::geteuid())) return;
  throw std::runtime_error(
      fmt::format("{} is no folder of this user's own: remove it, or set TMPDIR to another place", folder.string()));
}

fs::path made(const fs::path& folder) {
  fs::create_directories(folder);
  refuse_another_users(folder);
  // Others may go through it to what they are shown, and see nothing else.
  fs::permissions(folder, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
  return folder;
}

}  // namespace

fs::path workplace_of(const std::string& number) { return all_workplaces() / number; }

std::string lack_of_room(std::uintmax_t bytes) {
  const fs::path folder = made(all_workplaces());
  const std::uintmax_t left = fs::space(folder).available;
  if (left >= bytes) return "";
  return fmt::format("{} MB are free for {}, and a grade takes {}: make room, or set TMPDIR to a larger disk",
                     left / 1'000'000, folder.string(), bytes / 1'000'000);
}

Workplace::Workplace(const std::string& number)
    : path_(made(all_workplaces()) / number), lock_(path_.string() + ".lock", process::FileLock::Afterwards::goes) {
  fs::remove_all(path_);
  fs::create_directory(path_);
}

Workplace::~Workplace() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace lab::grader
