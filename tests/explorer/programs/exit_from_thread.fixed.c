// A worker ends the whole program with exit(0) while main waits for something that never comes.
// expected: passed

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never_signalled = PTHREAD_COND_INITIALIZER;
static bool never_true;

static void* end_program(void* unused) {
  (void)unused;
  exit(0);
}

int main(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, end_program, NULL);

  // The lock is free while main waits, and exit does not need it.
  pthread_mutex_lock(&lock);
  while (!never_true) {
    pthread_cond_wait(&never_signalled, &lock);
  }
  pthread_mutex_unlock(&lock);

  assert(!"main is never woken");
  return 1;
}
