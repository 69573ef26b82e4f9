// Which symbols a submission's object may define and may leave for others to define, by their names.
#pragma once

#include <optional>
#include <set>
#include <string>

namespace lab::grader {

using SymbolNames = std::set<std::string>;  // mangled

// As a person reads it.
std::string demangled(const std::string& symbol);

// Why an object may not want that symbol; `common` are those that common/ defines.
std::optional<std::string> objection_to_needed(const std::string& symbol, const SymbolNames& common);

// Why an object may not define it so that other objects see it. A weak definition gives way to others, as those of
// templates and inline functions are.
std::optional<std::string> objection_to_defined(const std::string& symbol, bool weak, const SymbolNames& common);

}  // namespace lab::grader
