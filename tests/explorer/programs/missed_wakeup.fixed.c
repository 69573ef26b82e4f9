// The flag is checked under the lock that the waiting gives up, so the signal cannot come in between.
// expected: passed

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t became_ready = PTHREAD_COND_INITIALIZER;
static atomic_bool ready;

static void* wait_until_ready(void* unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  while (!atomic_load(&ready)) {
    // Waiting gives the lock up and begins to wait in one step.
    pthread_cond_wait(&became_ready, &lock);
  }
  pthread_mutex_unlock(&lock);
  assert(atomic_load(&ready));
  return NULL;
}

static void* make_ready(void* unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  atomic_store(&ready, true);
  pthread_cond_signal(&became_ready);
  pthread_mutex_unlock(&lock);
  return NULL;
}

int main(void) {
  pthread_t waiter, setter;
  pthread_create(&waiter, NULL, wait_until_ready, NULL);
  pthread_create(&setter, NULL, make_ready, NULL);
  pthread_join(waiter, NULL);
  pthread_join(setter, NULL);
  return 0;
}
