// Shutdown: the stop flag is set under the worker's lock, so the worker either sees it or is already waiting.
// expected: passed

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t something_changed = PTHREAD_COND_INITIALIZER;
static int jobs_waiting;
static int jobs_done;
static atomic_bool stopping;

static void* work(void* unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  for (;;) {
    while (jobs_waiting == 0 && !atomic_load(&stopping)) {
      pthread_cond_wait(&something_changed, &lock);
    }
    if (jobs_waiting == 0) {
      break;
    }
    jobs_waiting--;
    jobs_done++;
  }
  pthread_mutex_unlock(&lock);
  return NULL;
}

int main(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, work, NULL);

  pthread_mutex_lock(&lock);
  jobs_waiting++;
  pthread_cond_signal(&something_changed);
  pthread_mutex_unlock(&lock);

  // With the lock held, the worker cannot be between its check and its wait.
  pthread_mutex_lock(&lock);
  atomic_store(&stopping, true);
  pthread_cond_broadcast(&something_changed);
  pthread_mutex_unlock(&lock);
  pthread_join(worker, NULL);

  assert(jobs_done == 1);
  return 0;
}
