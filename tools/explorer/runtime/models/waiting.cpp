// A notification is given to a certain waiter at the moment when it is made, not to whoever runs next: what a
// notification without a waiter does (nothing, it is lost) then needs no rule of its own. Which waiter gets it is a
// choice, since neither POSIX nor the kernel promises an order.
#include "tools/explorer/runtime/models/waiting.hpp"

#include "tools/explorer/runtime/scheduler.hpp"

namespace lab::explorer::runtime {

void begin_waiting(Thread& me, Address address) {
  me.notified = false;
  me.waits_on = address;
  me.wait_order = ++state.wait_counter;
}

void end_waiting(Thread& me) { me.waits_on = 0; }

Waiters waiters_on(Address address) {
  static Thread* found[max_threads];
  std::size_t count = 0;
  for (std::uint32_t id = 0; id < state.thread_count; ++id) {
    Thread& candidate = thread(id);
    if (!candidate.alive || candidate.notified || candidate.waits_on != address) continue;
    std::size_t place = count++;
    for (; place > 0 && found[place - 1]->wait_order > candidate.wait_order; --place) found[place] = found[place - 1];
    found[place] = &candidate;
  }
  return {found, count};
}

void notify(Thread& waiter) {
  waiter.notified = true;
  waiter.next.timed = false;
  waiter.next.may_be_spurious = false;
}

Thread& notify_one_of(Thread& me, Waiters& waiters) {
  const std::size_t chosen = waiters.count > 1 ? choose_waiter(me, waiters.threads, waiters.count) : 0;
  Thread& waiter = *waiters.threads[chosen];
  notify(waiter);
  --waiters.count;
  for (std::size_t i = chosen; i < waiters.count; ++i) waiters.threads[i] = waiters.threads[i + 1];
  return waiter;
}

bool was_notified(const Thread& waiter) { return waiter.notified; }

}  // namespace lab::explorer::runtime
