// Lost update: two threads read, add and write back without a lock, so one addition can vanish.
// expected: assertion
// deviations: 1

#include <assert.h>
#include <pthread.h>

static int counter;

static void* add_one(void* unused) {
  (void)unused;
  // Between this read and the write below the other thread may do both of its steps.
  int seen = counter;
  counter = seen + 1;
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
