#include "tools/explorer/account/naming.hpp"

#include "tools/explorer/account/kinds.hpp"

namespace lab::explorer {
namespace {

constexpr std::string_view plain = "object";

std::string_view kind_of(Operation operation) {
  if (is_lock(operation)) return "lock";
  switch (operation) {
    case Operation::wait:
    case Operation::wake:
    case Operation::notify_one:
    case Operation::notify_all:
      return "condition";
    case Operation::semaphore_wait:
    case Operation::semaphore_post:
      return "semaphore";
    case Operation::barrier_wait:
      return "barrier";
    default:
      return plain;
  }
}

// A, B, ..., Z, AA, AB, ...
std::string letters(std::size_t number) {
  std::string text;
  for (std::size_t rest = number + 1; rest > 0; rest = (rest - 1) / 26)
    text.insert(text.begin(), static_cast<char>('A' + static_cast<char>((rest - 1) % 26)));
  return text;
}

}  // namespace

void ObjectNames::see(std::uint64_t address, Operation operation) {
  const std::string_view kind = kind_of(operation);
  if (kind != plain) kinds_.try_emplace(address, kind);
}

const std::string& ObjectNames::name(std::uint64_t address) {
  std::string& name = given_[address];
  if (!name.empty() || address == 0) return name;
  name = names_.object_name(address);
  if (!name.empty()) return name;
  const auto found = kinds_.find(address);
  const std::string_view kind = found == kinds_.end() ? plain : found->second;
  name = std::string(kind) + " " + letters(counts_[kind]++);
  return name;
}

}  // namespace lab::explorer
