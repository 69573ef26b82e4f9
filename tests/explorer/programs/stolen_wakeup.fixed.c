// A woken consumer checks again before it takes, so it never takes from an empty store.
// expected: passed

#include <assert.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t item_added = PTHREAD_COND_INITIALIZER;
static int items;

static void* consume(void* unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  // Being woken does not mean that the item is still there: look again.
  while (items == 0) {
    pthread_cond_wait(&item_added, &lock);
  }
  assert(items > 0);
  items--;
  pthread_mutex_unlock(&lock);
  return NULL;
}

static void* produce(void* unused) {
  (void)unused;
  for (int i = 0; i < 2; i++) {
    pthread_mutex_lock(&lock);
    items++;
    pthread_cond_signal(&item_added);
    pthread_mutex_unlock(&lock);
  }
  return NULL;
}

int main(void) {
  pthread_t consumers[2], producer;
  pthread_create(&consumers[0], NULL, consume, NULL);
  pthread_create(&consumers[1], NULL, consume, NULL);
  pthread_create(&producer, NULL, produce, NULL);
  pthread_join(consumers[0], NULL);
  pthread_join(consumers[1], NULL);
  pthread_join(producer, NULL);

  assert(items == 0);
  return 0;
}
