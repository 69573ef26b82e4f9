// What a command says of its own accord: one sentence on the error output, and the status it ends with.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "tools/lab/status.hpp"

namespace lab::cli {

inline Status complain(Status status, const std::string& sentence) {
  fmt::print(stderr, "lab: {}\n", sentence);
  return status;
}

}  // namespace lab::cli
