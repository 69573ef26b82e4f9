// The exit statuses of every command; a contract.
#pragma once

namespace lab::cli {

enum Status : int {
  passed = 0,
  failed = 1,           // the code under test
  usage = 2,            // the command line
  could_not_judge = 3,  // our fault or the machine's; never scored
};

}  // namespace lab::cli
