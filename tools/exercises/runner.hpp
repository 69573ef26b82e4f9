// Running a program of the suite, and receiving what it writes down.
#pragma once

#include <string>
#include <vector>

#include "tools/exercises/evidence.hpp"
#include "tools/process/folder.hpp"
#include "tools/process/process.hpp"

namespace lab::exercises {

struct Answer {
  process::Ran ran;
  bool begun = false;  // it came to its main function: what ended before was ended by the code's initialisation
  std::vector<Evidence> evidence;
  std::string unjudged;  // why what it says can't be known, in a sentence: the machine is at fault. Else empty
  std::string stopped;   // why it was stopped, or is not to be believed, in a sentence: the code is at fault. Else empty
};

class Runner {
public:
  Runner() = default;
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;
  virtual ~Runner() = default;

  // Adds to the command's words the option --evidence. Throws std::system_error if the machine refuses a process.
  virtual Answer run(process::Command command) = 0;
};

// Evidence by files in a folder of its own, and no protection at all: for a student's own copy. Not thread safe.
class FileRunner final : public Runner {
public:
  Answer run(process::Command command) override;

private:
  const process::Folder folder_{"lab-trials"};
  int run_ = 0;
};

}  // namespace lab::exercises
