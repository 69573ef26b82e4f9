#include "tools/process/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lab::process {
namespace {

bool is_at(int descriptor, const std::filesystem::path& file) {
  struct stat held {};
  struct stat there {};
  return ::fstat(descriptor, &held) == 0 && ::stat(file.c_str(), &there) == 0 && held.st_dev == there.st_dev &&
         held.st_ino == there.st_ino;
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& file, Afterwards afterwards) {
  for (;;) {
    descriptor_ = ::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0666);
    if (descriptor_ < 0 || ::flock(descriptor_, LOCK_EX) != 0) return;
    if (afterwards == Afterwards::stays) return;
    // Its owner may have removed it meanwhile: then this one locks nobody out, and another may be there already.
    if (is_at(descriptor_, file)) break;
    ::close(descriptor_);
  }
  goes_ = file;
}

FileLock::~FileLock() {
  if (!goes_.empty()) ::unlink(goes_.c_str());  // while it is held: nobody else's can be there
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace lab::process
