// What `confine job` is told, as words of its command line: "name=value", then "--", then the program's own.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace lab::confine {

struct Plan {
  int status = -1;       // status=N: the descriptor that its record is written to (../record.hpp)
  bool channel = false;  // channel=1: descriptor 3 is the job's
  uid_t account = 0;     // account=N: the job becomes this user and group, who has no other processes; 0: it stays
  std::string folder;    // folder=PATH: where it starts
  unsigned long cpu = 0, file_max = 0, processes_max = 0;  // limits, as setrlimit has them
  bool compiler = false;                                   // compiler=1
  bool personality = true;                                 // personality=0: it can't turn off address randomisation
  bool landlock = true;                                    // landlock=0: do without
  bool own_view = false;                 // own_view=1: the files that it sees are not yet restricted otherwise
  std::vector<std::string> readable;     // read=PATH
  std::vector<std::string> writable;     // write=PATH
  std::vector<std::string> environment;  // env=NAME=VALUE
  std::vector<std::string> words;
};

}  // namespace lab::confine
