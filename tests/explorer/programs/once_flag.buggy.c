// Once: the flag is read and set without protection, so both threads can find it unset and initialise.
// expected: assertion
// deviations: 1

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

static bool started;
static atomic_int initialisations;

static void initialise(void) { atomic_fetch_add(&initialisations, 1); }

static void* use_service(void* unused) {
  (void)unused;
  // The other thread may pass this check too before the flag is set.
  if (!started) {
    started = true;
    initialise();
  }
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
