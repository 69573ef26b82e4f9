// The count is lowered and read in one step, so exactly one owner sees that it was the last and frees the buffer.
// expected: passed

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { OWNERS = 2 };

static char* buffer;
static atomic_int owners = OWNERS;

static void release_buffer(void) {
  // The value before the subtraction is this thread's alone.
  if (atomic_fetch_sub(&owners, 1) == 1) {
    free(buffer);
  }
}

static void* use_buffer(void* argument) {
  int index = *(int*)argument;
  buffer[index] = 'x';
  release_buffer();
  return NULL;
}

int main(void) {
  buffer = malloc(OWNERS);
  assert(buffer != NULL);

  pthread_t threads[OWNERS];
  int indexes[OWNERS];
  for (int i = 0; i < OWNERS; i++) {
    indexes[i] = i;
    pthread_create(&threads[i], NULL, use_buffer, &indexes[i]);
  }
  for (int i = 0; i < OWNERS; i++) {
    pthread_join(threads[i], NULL);
  }
  return 0;
}
