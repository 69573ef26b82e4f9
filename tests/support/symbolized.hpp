// Places as the sanitizers' runtimes know them. For builds that are linked with one.
#pragma once

#include <string>
#include <vector>

namespace lab::test {

struct SymbolizedPlace {
  std::string location;            // "session_manager.cpp:57"; empty: an unknown place
  std::string function;            // without parameters where it is the lab's
  bool in_implementation = false;  // its file is session_manager.cpp

  std::string text() const { return location.empty() ? "an unknown place" : location + " in " + function; }
};

// Those of a call's return address, or of an access's pc: an inlined call has several, the innermost first.
std::vector<SymbolizedPlace> symbolized(void* pc, bool is_return_address);

// The innermost place of a stack in the implementation's own file, which a reader can do something about; else the
// innermost. The stack ends with a null or after `size`.
SymbolizedPlace place_to_read(void* const* stack, std::size_t size, bool first_is_return_address);

}  // namespace lab::test
