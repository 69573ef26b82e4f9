// Waiting until another thread says so: common to condition variables, futexes and barriers.
#pragma once

#include "tools/explorer/runtime/state.hpp"

namespace lab::explorer::runtime {

// `me` is among those waiting on this address from now on; it still has to reach a point that waits.
void begin_waiting(Thread& me, Address address);
void end_waiting(Thread& me);

// The threads that wait on this address and were not notified yet, in the order of their waiting. The list is good
// until the next call.
struct Waiters {
  Thread** threads;
  std::size_t count;
};
Waiters waiters_on(Address address);

// Ends this thread's wait: from now on neither time nor chance can end it.
void notify(Thread& waiter);

// Takes one waiter out of the list, by a choice where there is one, and notifies it.
Thread& notify_one_of(Thread& me, Waiters& waiters);

// Pending::ready of a wait that only a notification ends.
bool was_notified(const Thread& waiter);

}  // namespace lab::explorer::runtime
