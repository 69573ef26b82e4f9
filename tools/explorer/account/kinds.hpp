// Kinds of steps, and the memory that a step touches.
#pragma once

#include <algorithm>
#include <cstdint>

#include "tools/explorer/protocol.hpp"

namespace lab::explorer {

inline constexpr std::uint64_t granule_bytes = 8;

inline bool is_memory(Operation operation) {
  switch (operation) {
    case Operation::read:
    case Operation::write:
    case Operation::atomic_load:
    case Operation::atomic_store:
    case Operation::atomic_update:
      return true;
    default:
      return false;
  }
}

inline bool is_plain(Operation operation) { return operation == Operation::read || operation == Operation::write; }

inline bool writes(const Step& step) {
  return step.operation == Operation::write || step.operation == Operation::atomic_store ||
         (step.operation == Operation::atomic_update && step.succeeded);
}

// Whether the step's value is one that it found there. A successful update tells what it left behind instead.
inline bool finds_value(const Step& step) {
  return step.operation == Operation::read || step.operation == Operation::atomic_load ||
         (step.operation == Operation::atomic_update && !step.succeeded);
}

inline bool is_lock(Operation operation) {
  switch (operation) {
    case Operation::lock:
    case Operation::lock_shared:
    case Operation::try_lock:
    case Operation::try_lock_shared:
    case Operation::unlock:
    case Operation::unlock_shared:
      return true;
    default:
      return false;
  }
}

// The 8-byte granules that it touches, by their numbers.
template <class Visit>
void for_each_granule(const Step& step, Visit visit) {
  const std::uint64_t last = step.object + std::max<std::uint64_t>(step.size, 1) - 1;
  for (std::uint64_t granule = step.object / granule_bytes; granule <= last / granule_bytes; ++granule) visit(granule);
}

}  // namespace lab::explorer
