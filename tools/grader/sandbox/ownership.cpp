#include "tools/grader/sandbox/ownership.hpp"

#include <fmt/format.h>
#include <fts.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace lab::grader {
namespace {

namespace fs = std::filesystem;

// fts enters each folder in turn, so that no path is too long for it, and none leads through a link.
void give(const fs::path& folder, uid_t from, uid_t to) {
  std::string name = folder.string();
  char* const names[] = {name.data(), nullptr};
  FTS* const walk = ::fts_open(names, FTS_PHYSICAL | FTS_XDEV, nullptr);
  if (walk == nullptr) return;
  while (const FTSENT* const entry = ::fts_read(walk)) {
    if (entry->fts_info == FTS_D || entry->fts_info == FTS_NS || entry->fts_info == FTS_ERR) continue;
    const struct stat& status = *entry->fts_statp;
    if (status.st_uid != from || (!S_ISDIR(status.st_mode) && status.st_nlink > 1)) continue;
    (void)::lchown(entry->fts_accpath, to, to);
  }
  ::fts_close(walk);
}

}  // namespace

Lent::Lent(fs::path folder, uid_t account) : folder_(std::move(folder)), account_(account) {
  if (account_ == 0) return;
  give(folder_, 0, account_);
  struct stat status {};
  if (::lstat(folder_.c_str(), &status) != 0) {
    failure_ = fmt::format("the job's folder {} can't be looked at: {}", folder_.string(), std::strerror(errno));
  } else if (!S_ISDIR(status.st_mode) || status.st_uid != account_) {
    failure_ = fmt::format("the job's folder {} has to be a folder of root's", folder_.string());
  }
}

Lent::~Lent() {
  if (account_ != 0) give(folder_, account_, 0);
}

}  // namespace lab::grader
