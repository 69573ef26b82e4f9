#include "tools/explorer/points.hpp"

#include <algorithm>
#include <cstring>

namespace lab::explorer {

bool add_points(Plan& plan, const Log& log, bool& full) {
  bool more = false;
  if (!plan.every_access) {
    for (std::uint32_t i = 0; i < log.hot_count; ++i) {
      std::uint64_t* const end = plan.hot + plan.hot_count;
      std::uint64_t* const at = std::lower_bound(plan.hot, end, log.hot[i]);
      if (at != end && *at == log.hot[i]) continue;
      if (plan.hot_count == max_hot) {
        full = true;
        break;
      }
      std::memmove(at + 1, at, static_cast<std::size_t>(end - at) * sizeof *at);
      *at = log.hot[i];
      ++plan.hot_count;
      more = true;
    }
  }
  if (log.tried_lock && !plan.unlock_points) plan.unlock_points = more = true;
  return more;
}

}  // namespace lab::explorer
