// The reduction must lose nothing: whatever plain enumeration reaches within a bound, the reduced search reaches within
// it too. And the points that are chosen by default must lose nothing: whatever can be reached with a point at every
// access, they reach too. Each file here has scenarios of one kind.
#pragma once

#include <pthread.h>
#include <semaphore.h>

#include <atomic>

namespace lab::explorer::scenarios {

// What scenarios share and work on; one runs at a time.
inline std::atomic<int> x, y, z, turns;
inline int p, q, r;  // plain
inline pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, n = PTHREAD_MUTEX_INITIALIZER;
inline pthread_cond_t c = PTHREAD_COND_INITIALIZER;
inline pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
inline pthread_once_t once = PTHREAD_ONCE_INIT;
inline sem_t s, t;

inline void reset() {
  x = y = z = turns = 0;
  p = q = r = 0;
  once = PTHREAD_ONCE_INIT;
}

inline void push(int digit) { turns = turns * 10 + digit; }

struct Scenario {
  const char* name;
  void (*run)();
  bool finite = true;  // without a bound there is an end, and a near one: nothing spins
};

// A section of the running test in which all searches of the scenario are compared.
void check(const Scenario& scenario);

}  // namespace lab::explorer::scenarios
