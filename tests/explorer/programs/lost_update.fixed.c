// Two threads each add one to a counter under a lock, so no addition can vanish.
// expected: passed

#include <assert.h>
#include <pthread.h>

static pthread_mutex_t counter_lock = PTHREAD_MUTEX_INITIALIZER;
static int counter;

static void* add_one(void* unused) {
  (void)unused;
  // The read and the write belong together: nobody else gets in between.
  pthread_mutex_lock(&counter_lock);
  int seen = counter;
  counter = seen + 1;
  pthread_mutex_unlock(&counter_lock);
  return NULL;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, add_one, NULL);
  pthread_create(&second, NULL, add_one, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);

  assert(counter == 2);
  return 0;
}
