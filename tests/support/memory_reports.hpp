// What AddressSanitizer or UBSan reports before it ends the process. In a build without them, nothing.
#pragma once

#include <string>

#include "tests/support/symbolized.hpp"

namespace lab::test {

struct MemoryReport {
  std::string verdict;   // "use_after_free" or "crash"
  std::string sentence;  // "AddressSanitizer: heap-use-after-free at session_manager.cpp:57 in ..."
  SymbolizedPlace place;
};

// Calls it with each report, in the middle of the faulty access, on the thread that makes it. One at a time.
void on_memory_report(void (*tell)(const MemoryReport&));

}  // namespace lab::test
