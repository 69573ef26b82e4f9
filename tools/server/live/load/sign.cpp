#include "tools/server/live/load/sign.hpp"

namespace lab::load {

std::vector<std::unique_ptr<Sign>> all_signs() {
  std::vector<std::unique_ptr<Sign>> signs;
  signs.push_back(inconsistent_counters());
  signs.push_back(lost_user_data());
  signs.push_back(growing_memory());
  signs.push_back(metric_discrepancies());
  signs.push_back(random_logouts());
  signs.push_back(revived_sessions());
  signs.push_back(cache_hits());
  signs.push_back(independent_reads());
  return signs;
}

}  // namespace lab::load
