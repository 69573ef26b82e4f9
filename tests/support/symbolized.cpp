#include "tests/support/symbolized.hpp"

#include <array>
#include <cstring>
#include <filesystem>
#include <string_view>

// Declared in LLVM's compiler-rt/include/sanitizer/common_interface_defs.h. Only builds with a sanitizer have it.
extern "C" void __sanitizer_symbolize_pc(void* pc, const char* format, char* out, std::size_t out_size)
    __attribute__((weak));

namespace lab::test {

std::vector<SymbolizedPlace> symbolized(void* pc, bool is_return_address) {
  std::vector<SymbolizedPlace> places;
  if (&__sanitizer_symbolize_pc == nullptr) return places;
  std::array<char, 8192> buffer{};
  // A return address points behind its call.
  char* const at_pc = static_cast<char*>(pc) - (is_return_address ? 1 : 0);
  __sanitizer_symbolize_pc(at_pc, "%s|%l|%f", buffer.data(), buffer.size() - 1);
  // The frames come NUL-separated and end with an empty one.
  for (const char* at = buffer.data(); *at != '\0'; at += std::strlen(at) + 1) {
    const std::string_view line(at);
    const std::size_t first = line.find('|');
    const std::size_t second = line.find('|', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    const std::string file = std::filesystem::path(line.substr(0, first)).filename();
    const std::string_view function = line.substr(second + 1);
    // Without its parameters, which say nothing that the line does not; a lambda's own name begins with one.
    const std::string_view name = function.starts_with("lab::") ? function.substr(0, function.find('(')) : function;
    places.push_back({file + ":" + std::string(line.substr(first + 1, second - first - 1)), std::string(name),
                      file == "session_manager.cpp"});
  }
  return places;
}

SymbolizedPlace place_to_read(void* const* stack, std::size_t size, bool first_is_return_address) {
  SymbolizedPlace innermost;
  for (std::size_t i = 0; i < size && stack[i] != nullptr; ++i) {
    for (SymbolizedPlace& place : symbolized(stack[i], i > 0 || first_is_return_address)) {
      if (place.in_implementation) return std::move(place);
      if (innermost.location.empty()) innermost = std::move(place);
    }
  }
  return innermost;
}

}  // namespace lab::test
