#include "tools/explorer/strategies/sampling.hpp"

namespace lab::explorer {

std::unique_ptr<Strategy> partial_order_sampling(std::uint64_t seed) {
  return std::make_unique<Sampling>(Tail::pos, seed);
}

}  // namespace lab::explorer
