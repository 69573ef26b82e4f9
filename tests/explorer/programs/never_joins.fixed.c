// Detached threads are never joined, and main returns 0 whether or not they have run.
// expected: passed

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int started;

static void* start(void* unused) {
  (void)unused;
  atomic_fetch_add(&started, 1);
  return NULL;
}

int main(void) {
  // One thread is born detached, the other is detached later.
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);

  pthread_t born_detached, detached_later;
  pthread_create(&born_detached, &attributes, start, NULL);
  pthread_create(&detached_later, NULL, start, NULL);
  pthread_attr_destroy(&attributes);
  pthread_detach(detached_later);

  // None, one or both may have run by now.
  assert(atomic_load(&started) <= 2);
  return 0;
}
