// The starter gives the go whether or not the runner is already there, so a late runner sees it too.
// expected: passed

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

static atomic_bool runner_there;
static atomic_bool go;
static bool finished;

static void* run(void* unused) {
  (void)unused;
  atomic_store(&runner_there, true);
  while (!atomic_load(&go)) {
    sched_yield();
  }
  finished = true;
  return NULL;
}

static void* start(void* unused) {
  (void)unused;
  // The flag stays set, so it does not matter who comes first.
  atomic_store(&go, true);
  return NULL;
}

int main(void) {
  pthread_t runner, starter;
  pthread_create(&runner, NULL, run, NULL);
  pthread_create(&starter, NULL, start, NULL);
  pthread_join(runner, NULL);
  pthread_join(starter, NULL);

  assert(finished);
  return 0;
}
