// Points and choices: who goes next.
#pragma once

#include "tools/explorer/runtime/state.hpp"

namespace lab::explorer::runtime {

// The thread whose code runs; null in the runtime and outside a run. One of each fiber, since each has thread-locals of
// its own; local-exec, because the access hooks read it millions of times a second.
// Constinit, or each use would first ask whether it must be made.
extern constinit thread_local Thread* current __attribute__((tls_model("local-exec")));

// To a compiler memset and its like read no variable, so it may move a store to `current` past them; but the link sends
// them through accesses.cpp, which does read it.
inline void set_current(Thread* thread) {
  asm volatile("" : : : "memory");
  current = thread;
  asm volatile("" : : : "memory");
}

// Entering the runtime from the program: `current` is null until the scope ends, so that what the runtime calls in turn
// is left alone. `thread` is null if there is nothing to do: outside a run, or already inside.
class Entry {
public:
  Entry() : thread_(current) { set_current(nullptr); }
  ~Entry() { set_current(thread_); }
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;
  explicit operator bool() const { return thread_ != nullptr; }
  Thread& thread() const { return *thread_; }

private:
  Thread* thread_;
};

// For a call back into the program from within the runtime (a once routine, a destructor).
class Leave {
public:
  explicit Leave(Thread& me) { set_current(&me); }
  ~Leave() { set_current(nullptr); }
  Leave(const Leave&) = delete;
  Leave& operator=(const Leave&) = delete;
};

// The caller's return address, as the place of an operation.
#define LAB_PC() (reinterpret_cast<::lab::explorer::runtime::Address>(__builtin_return_address(0)))

// Says what `me` is about to do and lets the plan choose what happens first. Returns when it is this thread's turn and
// the operation can be done (or its wait ended otherwise): nothing else happens until the thread's next point.
Woken point(Thread& me, const Pending& pending);

// Which of these waiters, in the order of their waiting, the running thread's notification goes to: an index.
std::size_t choose_waiter(Thread& me, const Thread* const* waiters, std::size_t count);

// The thread is over; the next one runs. Does not return.
[[noreturn]] void leave_for_ever(Thread& me);

// A thread that was made: it can be taken at the next point (its making is none: its start commutes with everything up
// to the maker's next point).
Thread& new_thread(Thread& maker);

// Counts a failed attempt (a lock tried in vain, a compare-exchange that failed): progress of nobody.
void got_nowhere(Thread& me);

// Writes into the log what the thread waits for, and what it holds: for a verdict that needs it.
void describe_blocked(Thread& thread);

// Lets nobody else run for this once: begins the first thread of a run.
void begin_run(Thread& first);

}  // namespace lab::explorer::runtime
