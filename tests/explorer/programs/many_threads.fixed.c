// Three hundred threads each add one under a lock, and all additions are there in the end.
// expected: passed

#include <assert.h>
#include <pthread.h>

enum { THREADS = 300 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sum;

static void* add_one(void* unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  sum++;
  pthread_mutex_unlock(&lock);
  return NULL;
}

int main(void) {
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) {
    int outcome = pthread_create(&threads[i], NULL, add_one, NULL);
    assert(outcome == 0);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
  }

  assert(sum == THREADS);
  return 0;
}
