// Reused barrier: a quick thread enters the next round before a slow one has seen the last round end, and both wait.
// expected: deadlock
// deviations: 0

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

enum { THREADS = 2, ROUNDS = 2 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all_arrived = PTHREAD_COND_INITIALIZER;
static int arrived;
static atomic_int steps;

static void wait_for_all(void) {
  pthread_mutex_lock(&lock);
  arrived++;
  if (arrived == THREADS) {
    arrived = 0;
    pthread_cond_broadcast(&all_arrived);
  } else {
    // The count may be back above zero by the time this thread looks again.
    while (arrived != 0) {
      pthread_cond_wait(&all_arrived, &lock);
    }
  }
  pthread_mutex_unlock(&lock);
}

static void* work(void* unused) {
  (void)unused;
  for (int round = 1; round <= ROUNDS; round++) {
    atomic_fetch_add(&steps, 1);
    wait_for_all();
    assert(atomic_load(&steps) >= round * THREADS);
  }
  return NULL;
}

int main(void) {
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) {
    pthread_create(&threads[i], NULL, work, NULL);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
  }
  return 0;
}
