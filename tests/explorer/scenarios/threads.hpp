// Threads for scenarios, as bare as can be: pthreads of plain functions, so that a scenario's points are those of the
// functions and nothing else. The tests' sources are compiled for the explorer, and so is this.
#pragma once

#include <pthread.h>

namespace lab::explorer::scenarios {

using Body = void (*)();

inline void* call_body(void* body) {
  reinterpret_cast<Body>(body)();
  return nullptr;
}

// Runs all of them, each on a thread of its own, and waits for them in order.
template <typename... Bodies>
void together(Bodies... bodies) {
  pthread_t threads[sizeof...(bodies)];
  const Body list[] = {static_cast<Body>(bodies)...};
  for (unsigned i = 0; i < sizeof...(bodies); ++i)
    pthread_create(&threads[i], nullptr, call_body, reinterpret_cast<void*>(list[i]));
  for (const pthread_t thread : threads) pthread_join(thread, nullptr);
}

}  // namespace lab::explorer::scenarios
