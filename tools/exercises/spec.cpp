#include "tools/exercises/spec.hpp"

namespace lab::exercises {

std::string spec_of(const std::string& test) {
  std::string spec;
  for (const char c : test) {
    if (c == ',') spec += '\\';
    spec += c;
  }
  return spec;
}

}  // namespace lab::exercises
