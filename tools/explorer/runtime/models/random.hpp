// Seeded randomness, for the other models.
#pragma once

#include "tools/explorer/runtime/state.hpp"

namespace lab::explorer::runtime {

void fill_random(const Thread& me, void* bytes, std::size_t size);

}  // namespace lab::explorer::runtime
