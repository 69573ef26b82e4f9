// The statements that take a lock for a scope.
#pragma once

#include <string>
#include <vector>

#include "tests/mutants/source.hpp"

namespace lab::mutants {

struct LockStatement {
  Span where;             // with its semicolon
  std::string type;       // MutexLock, ReaderLock, WriterLock, PairLock
  std::string variable;   //
  std::string arguments;  // what is locked
};

// In the order of the text.
std::vector<LockStatement> lock_statements(const Source& source);

}  // namespace lab::mutants
