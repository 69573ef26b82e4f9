// Many runs of a whole program in one process: after each, all the memory that the program and its libraries can write
// is put back to what it was before the first. A fork for each run does the same and is many times as slow. What is not
// memory (open files, the working directory) is the business of server.cpp.
#pragma once

#include <cstddef>

namespace lab::explorer::runtime {

// The runtime's own: stays as it is.
void exempt_from_rewinding(char* begin, std::size_t bytes);

// Copies the memory as it is now. Called once, before the first run. False if there is too much of it.
bool remember_memory();

// Puts it back. The caller must not be on a stack, or use thread-locals, that the program has.
void rewind_memory();

}  // namespace lab::explorer::runtime
