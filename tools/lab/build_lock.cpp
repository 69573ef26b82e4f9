#include "tools/lab/build_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace lab::cli {

BuildLock::BuildLock(const std::filesystem::path& file)
    : descriptor_(::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0666)) {
  if (descriptor_ >= 0) ::flock(descriptor_, LOCK_EX);
}

BuildLock::~BuildLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace lab::cli
