// Telling a deadlock from a slow machine: by what the threads wait for, and not by how long.
#pragma once

#include <sys/types.h>

#include <map>

namespace lab::test {

// Watches the threads of this process, as Linux tells of them in /proc/self/task. Each call of deadlocked() is a look;
// it takes well under a millisecond for a handful of threads. One object is one thread's; several may watch at once,
// and then each takes the others for threads that can go on.
class DeadlockWatch {
public:
  // True: from the last look to this one all other threads have slept in waits without a time-out, so that only the
  // caller can wake one. False in any doubt: at the first look, while a thread runs, sleeps for a time, waits with a
  // time-out or for anything outside of the process, and where the system does not say. Threads that a sanitizer has of
  // its own are left out. What can't be seen is a wake-up by another process or a signal; the caller knows of none.
  bool deadlocked();

private:
  std::map<pid_t, unsigned long> asleep_;  // thread → how often it had gone to sleep; empty: one of them was awake
};

}  // namespace lab::test
