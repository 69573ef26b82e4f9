// What a job may do with which files, by Landlock: as root without namespaces, all of it; inside bubblewrap, whose view
// holds no other files, only which of them a program may start.
#pragma once

#include <string>

#include "tools/grader/sandbox/confine/plan.hpp"

namespace lab::confine {

// Landlock's rules of a job. Prepared with all rights, since the paths may lead through folders that the job's account
// can't enter; in force from restrict() on, which needs no rights, but that none can be gained by exec any more.
class View {
public:
  // A kernel without Landlock, and a plan that does without, make a view that restricts nothing.
  explicit View(const Plan& plan);
  ~View();
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  // Empty, or what failed.
  std::string restrict_this_process() const;

private:
  void allow(const std::string& path, unsigned long long access);

  int rules_ = -1;
  unsigned long long handled_ = 0;
  std::string failure_;
};

// Landlock's version of this kernel; 0: it has none, or a filter around us refuses it.
int landlock_version();

}  // namespace lab::confine
