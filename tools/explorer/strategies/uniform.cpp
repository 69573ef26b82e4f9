#include "tools/explorer/strategies/sampling.hpp"

namespace lab::explorer {

std::unique_ptr<Strategy> uniform(std::uint64_t seed) { return std::make_unique<Sampling>(Tail::uniform, seed); }

}  // namespace lab::explorer
