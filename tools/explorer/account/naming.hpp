// Names for objects: a global has one, everything else gets one in the order of its first appearance.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "tools/explorer/account/symbols.hpp"
#include "tools/explorer/protocol.hpp"

namespace lab::explorer {

class ObjectNames {
public:
  explicit ObjectNames(Names& names) : names_(names) {}

  // Says beforehand what is done to an object, so that it has one name from first to last: a lock is called so even
  // where the first thing that shows is its memory. Of several kinds the first that is not plain memory counts.
  void see(std::uint64_t address, Operation operation);

  // "counter", "lock A", "condition B", "object C"; empty for address 0. The same address always has the same name.
  const std::string& name(std::uint64_t address);

private:
  Names& names_;
  std::unordered_map<std::uint64_t, std::string_view> kinds_;
  std::unordered_map<std::uint64_t, std::string> given_;
  std::map<std::string_view, std::size_t> counts_;
};

}  // namespace lab::explorer
