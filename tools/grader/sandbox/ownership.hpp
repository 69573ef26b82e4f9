// Lending a folder to a job's account, as root.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace lab::grader {

// The folder and all in it are the account's until the end of this object, then root's again. No process of the account
// may run at either time. Links are not followed, and a file of several names keeps its owner: one may lie elsewhere.
class Lent {
public:
  Lent(std::filesystem::path folder, uid_t account);
  ~Lent();
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;

  // Empty, or why the folder could not be lent, as a sentence.
  const std::string& failure() const { return failure_; }

private:
  const std::filesystem::path folder_;
  const uid_t account_;
  std::string failure_;
};

}  // namespace lab::grader
