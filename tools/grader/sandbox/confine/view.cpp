#include "tools/grader/sandbox/confine/view.hpp"

#include <fcntl.h>
#include <glob.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace lab::confine {
namespace {

using Access = unsigned long long;

constexpr Access execute = LANDLOCK_ACCESS_FS_EXECUTE;
constexpr Access look = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr Access refer = 1ULL << 13;     // since version 2
constexpr Access truncate = 1ULL << 14;  // since version 3
constexpr Access change = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                          LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                          LANDLOCK_ACCESS_FS_MAKE_SYM;
constexpr Access never = LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                         LANDLOCK_ACCESS_FS_MAKE_BLOCK;
// What Landlock knows of a file that is no folder.
constexpr Access of_a_file = execute | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | truncate;

// What every program of the system reads, beside its files below /usr. Those of /etc are the linker's and the compiler
// driver's, that look which system they are on.
constexpr const char* system_folders[] = {"/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/etc/alternatives",
                                          "/sbin"};
constexpr const char* system_files[] = {"/etc/ld.so.cache",    "/etc/ld.so.conf",  "/etc/localtime", "/etc/os-release",
                                        "/etc/debian_version", "/etc/lsb-release", "/proc"};
constexpr const char* devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};

// What a program's start needs beside itself: the linker that is named in it, and the one other program of
// ThreadSanitizer's.
constexpr const char* helpers[] = {"/lib64/ld-linux-*", "/lib/ld-linux-*", "/usr/bin/llvm-symbolizer*",
                                   "/usr/lib/llvm-*/bin/llvm-symbolizer", "/usr/local/bin/llvm-symbolizer*"};

}  // namespace

int landlock_version() {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version < 0 ? 0 : static_cast<int>(version);
}

View::View(const Plan& plan) {
  const int version = plan.landlock ? landlock_version() : 0;
  if (version == 0 || (!plan.own_view && plan.compiler)) return;
  handled_ = plan.own_view ? execute | look | change | never : execute;
  if (plan.own_view && version >= 2) handled_ |= refer;
  if (plan.own_view && version >= 3) handled_ |= truncate;
  landlock_ruleset_attr attributes{};
  attributes.handled_access_fs = handled_;
  rules_ = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0));
  if (rules_ < 0) {
    failure_ = std::string("Landlock: ") + std::strerror(errno);
    return;
  }

  const Access see = plan.compiler ? look | execute : look;
  for (const char* const folder : system_folders) allow(folder, see);
  for (const char* const file : system_files) allow(file, look);
  for (const char* const device : devices) allow(device, look | LANDLOCK_ACCESS_FS_WRITE_FILE);
  for (const std::string& path : plan.readable) allow(path, see);
  for (const std::string& path : plan.writable) allow(path, see | change | refer | truncate);
  allow(plan.words.front(), look | execute);
  if (plan.compiler) return;
  for (const char* const pattern : helpers) {
    glob_t found{};
    if (::glob(pattern, 0, nullptr, &found) == 0)
      for (std::size_t i = 0; i < found.gl_pathc; ++i) allow(found.gl_pathv[i], look | execute);
    ::globfree(&found);
  }
}

View::~View() {
  if (rules_ >= 0) ::close(rules_);
}

// A path that is not there needs no rule.
void View::allow(const std::string& path, Access access) {
  const int file = ::open(path.c_str(), O_PATH | O_CLOEXEC);
  if (file < 0) return;
  struct stat status {};
  if (::fstat(file, &status) == 0 && !S_ISDIR(status.st_mode)) access &= of_a_file;
  landlock_path_beneath_attr rule{};
  rule.allowed_access = access & handled_;
  rule.parent_fd = file;
  if (rule.allowed_access != 0 && ::syscall(SYS_landlock_add_rule, rules_, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0 &&
      failure_.empty()) {
    failure_ = "Landlock: " + path + ": " + std::strerror(errno);
  }
  ::close(file);
}

std::string View::restrict_this_process() const {
  if (rules_ < 0 || !failure_.empty()) return failure_;
  if (::syscall(SYS_landlock_restrict_self, rules_, 0) != 0) return std::string("Landlock: ") + std::strerror(errno);
  return {};
}

}  // namespace lab::confine
