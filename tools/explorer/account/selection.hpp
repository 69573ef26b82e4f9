// Which steps of a log matter, and which step wrote what another read.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tools/explorer/account/symbols.hpp"
#include "tools/explorer/protocol.hpp"

namespace lab::explorer {

// A write that undoes, unseen, what another thread wrote. Both are indices in the log.
struct Loss {
  std::size_t write = 0;      // what is undone
  std::size_t last_read = 0;  // when the thread that undoes it last looked
};

struct Selected {
  std::size_t index = 0;              // in the log
  Place place;                        // empty where a thread ends outside own code
  std::optional<std::size_t> writer;  // log index of the last write to what this step reads
  std::optional<Loss> loss;           // of a write; only in a long record
};

// In the order of the log. explanation.hpp says what is kept; `whole`: of a long record as much as of a short one.
std::vector<Selected> select_steps(std::span<const Step> steps, const Log& log, Names& names, bool whole = false);

// Whether at this choice another thread was taken though the running one could have gone on.
bool interrupts(const Log& log, const Choice& choice);

// The stack of a step, a race, ...: no more frames than there is room for.
std::span<const std::uint64_t> stack_of(const std::uint64_t (&frames)[max_frames], std::size_t count);

}  // namespace lab::explorer
