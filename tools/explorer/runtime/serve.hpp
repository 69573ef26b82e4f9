// The side of the program under test: a process that makes runs by order.
#pragma once

#include "tools/explorer/runtime/run.hpp"

namespace lab::explorer::runtime {

// What a whole program reads and where it prints; -1: left as they are.
struct Files {
  int input = -1;
  int output = -1;
};

// Obeys the orders that come by `exchange`: each is a run of `body`. The runs are made by a child, which rewinds its
// memory in between (rewind.hpp). A run that ends the child, or may have broken it, costs a new one. `in_process` as
// for run(). Does not return; ends with its parent, or by order.
[[noreturn]] void serve(Exchange& exchange, Body body, void* argument, bool in_process, Files files);

}  // namespace lab::explorer::runtime
