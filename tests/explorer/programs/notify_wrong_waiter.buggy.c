// Wrong waiter: producer and consumers wait on one condition variable, and a signal can wake one it is of no use to.
// expected: deadlock
// deviations: 1

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t slot_changed = PTHREAD_COND_INITIALIZER;
static bool slot_full;

static void* produce_two(void* unused) {
  (void)unused;
  for (int i = 0; i < 2; i++) {
    pthread_mutex_lock(&lock);
    while (slot_full) {
      pthread_cond_wait(&slot_changed, &lock);
    }
    slot_full = true;
    pthread_cond_signal(&slot_changed);
    pthread_mutex_unlock(&lock);
  }
  return NULL;
}

static void* consume_one(void* unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  while (!slot_full) {
    pthread_cond_wait(&slot_changed, &lock);
  }
  slot_full = false;
  // Meant for the producer, but the other consumer may be the one that wakes.
  pthread_cond_signal(&slot_changed);
  pthread_mutex_unlock(&lock);
  return NULL;
}

int main(void) {
  pthread_t producer, consumers[2];
  pthread_create(&consumers[0], NULL, consume_one, NULL);
  pthread_create(&producer, NULL, produce_two, NULL);
  pthread_create(&consumers[1], NULL, consume_one, NULL);
  pthread_join(producer, NULL);
  pthread_join(consumers[0], NULL);
  pthread_join(consumers[1], NULL);

  assert(!slot_full);
  return 0;
}
