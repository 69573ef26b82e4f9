// Main ends itself with pthread_exit, and the program lives on until the last worker has finished.
// expected: passed

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t someone_finished = PTHREAD_COND_INITIALIZER;
static int workers_finished;

static void* work(void* unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  workers_finished++;
  pthread_cond_signal(&someone_finished);
  pthread_mutex_unlock(&lock);
  return NULL;
}

static void* watch(void* unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  while (workers_finished < 1) {
    pthread_cond_wait(&someone_finished, &lock);
  }
  assert(workers_finished == 1);
  pthread_mutex_unlock(&lock);
  return NULL;
}

int main(void) {
  pthread_t watcher, worker;
  pthread_create(&watcher, NULL, watch, NULL);
  pthread_create(&worker, NULL, work, NULL);
  pthread_detach(watcher);
  pthread_detach(worker);

  // Returning from main would end the workers too, pthread_exit does not.
  pthread_exit(NULL);
}
