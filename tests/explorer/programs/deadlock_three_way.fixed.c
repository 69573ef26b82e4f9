// Three threads share three locks in pairs and all lock in the order A, B, C, so no circle can close.
// expected: passed

#include <assert.h>
#include <pthread.h>

static pthread_mutex_t lock_a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t lock_b = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t lock_c = PTHREAD_MUTEX_INITIALIZER;

struct pair {
  pthread_mutex_t* first;
  pthread_mutex_t* second;
  int uses;
};

static void* use_pair(void* argument) {
  struct pair* pair = argument;
  pthread_mutex_lock(pair->first);
  pthread_mutex_lock(pair->second);
  pair->uses++;
  pthread_mutex_unlock(pair->second);
  pthread_mutex_unlock(pair->first);
  return NULL;
}

int main(void) {
  struct pair pairs[3] = {
      {&lock_a, &lock_b, 0}, {&lock_b, &lock_c, 0}, {&lock_a, &lock_c, 0},  // the lower letter first, as everywhere
  };
  pthread_t threads[3];
  for (int i = 0; i < 3; i++) {
    pthread_create(&threads[i], NULL, use_pair, &pairs[i]);
  }
  for (int i = 0; i < 3; i++) {
    pthread_join(threads[i], NULL);
  }

  assert(pairs[0].uses + pairs[1].uses + pairs[2].uses == 3);
  return 0;
}
