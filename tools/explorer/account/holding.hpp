// Which locks each thread holds, from the record of a run.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "tools/explorer/account/kinds.hpp"
#include "tools/explorer/protocol.hpp"

namespace lab::explorer {

// Fed with the steps of a run, from the first. A wait on a condition variable gives up a mutex that its step does not
// name: it is taken to be the one that the thread took last.
class LocksHeld {
public:
  struct One {
    std::uint64_t lock = 0;
    bool shared = false;
  };

  void see(const Step& step) {
    std::vector<One>& held = held_[step.thread];
    switch (step.operation) {
      case Operation::lock:
      case Operation::try_lock:
        if (step.succeeded) held.push_back({step.object, false});
        break;
      case Operation::lock_shared:
      case Operation::try_lock_shared:
        if (step.succeeded) held.push_back({step.object, true});
        break;
      case Operation::unlock:
      case Operation::unlock_shared: {
        const auto last =
            std::find_if(held.rbegin(), held.rend(), [&](const One& one) { return one.lock == step.object; });
        if (last != held.rend()) held.erase(std::next(last).base());
        break;
      }
      case Operation::wait:
        if (held.empty()) break;
        waiting_[step.thread] = held.back();
        held.pop_back();
        break;
      case Operation::wake:
        if (const auto given_up = waiting_.find(step.thread); given_up != waiting_.end()) {
          held.push_back(given_up->second);
          waiting_.erase(given_up);
        }
        break;
      default:
        break;
    }
  }

  const std::vector<One>& of(std::uint16_t thread) { return held_[thread]; }

private:
  std::map<std::uint16_t, std::vector<One>> held_;  // in the order of taking
  std::map<std::uint16_t, One> waiting_;            // what a wait gave up
};

}  // namespace lab::explorer
