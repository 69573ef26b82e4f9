// The functions that the runtime stands in front of, as the C library has them.
#pragma once

#include <dlfcn.h>

#include "tools/explorer/runtime/state.hpp"

namespace lab::explorer::runtime {

// LAB_REAL(pthread_mutex_lock)(mutex): looked up once.
#define LAB_REAL(name)                                                                \
  ([] {                                                                               \
    LAB_OUTLIVES_RUNS static decltype(&::name) real;                                  \
    if (!real) real = reinterpret_cast<decltype(&::name)>(::dlsym(RTLD_NEXT, #name)); \
    return real;                                                                      \
  }())

// A definition that takes a library function's place.
#define LAB_INTERPOSE extern "C" __attribute__((visibility("default"), used))

// Ends the process, past the runtime's own _exit.
[[noreturn]] void end_process(int status);

}  // namespace lab::explorer::runtime
