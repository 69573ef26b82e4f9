// Once: pthread_once lets one thread initialise and makes the other wait until that is done.
// expected: passed

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static atomic_int initialisations;

static void initialise(void) { atomic_fetch_add(&initialisations, 1); }

static void* use_service(void* unused) {
  (void)unused;
  pthread_once(&once, initialise);
  return NULL;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, NULL, use_service, NULL);
  pthread_create(&second, NULL, use_service, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);

  assert(atomic_load(&initialisations) == 1);
  return 0;
}
