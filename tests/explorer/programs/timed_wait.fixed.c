// Timed wait: after a time-out the result is read only once the worker has ended.
// expected: passed

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t finished = PTHREAD_COND_INITIALIZER;
static bool done;
static int result;

static void* work(void* unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  result = 42;
  done = true;
  pthread_cond_signal(&finished);
  pthread_mutex_unlock(&lock);
  return NULL;
}

int main(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, work, NULL);

  struct timespec deadline;
  clock_gettime(CLOCK_REALTIME, &deadline);
  deadline.tv_sec += 2;

  pthread_mutex_lock(&lock);
  int outcome = 0;
  while (!done && outcome != ETIMEDOUT) {
    outcome = pthread_cond_timedwait(&finished, &lock, &deadline);
  }
  pthread_mutex_unlock(&lock);
  // However long the worker takes, after the join the result is there.
  pthread_join(worker, NULL);
  assert(result == 42);
  return 0;
}
