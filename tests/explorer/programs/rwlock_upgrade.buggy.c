// Upgrade: two readers ask for the write lock while holding the read lock, so each waits for one that never leaves.
// expected: deadlock
// deviations: 0

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>

static pthread_rwlock_t cache_lock = PTHREAD_RWLOCK_INITIALIZER;
static bool cached;
static int cached_value;
static int computations;

static void* look_up(void* unused) {
  (void)unused;
  pthread_rwlock_rdlock(&cache_lock);
  if (!cached) {
    // A writer waits until every reader has left, and this thread is one of them.
    pthread_rwlock_wrlock(&cache_lock);
    if (!cached) {
      cached_value = 42;
      cached = true;
      computations++;
    }
  }
  assert(cached_value == 42);
  pthread_rwlock_unlock(&cache_lock);
  return NULL;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, look_up, NULL);
  pthread_create(&second, NULL, look_up, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);

  assert(computations == 1);
  return 0;
}
