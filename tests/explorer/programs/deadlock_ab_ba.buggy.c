// Lock order: one thread takes A then B, the other B then A, so each can hold what the other waits for.
// expected: deadlock
// deviations: 1

#include <assert.h>
#include <pthread.h>

static pthread_mutex_t lock_a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t lock_b = PTHREAD_MUTEX_INITIALIZER;
static int value_a = 5;
static int value_b = 5;

static void* move_a_to_b(void* unused) {
  (void)unused;
  pthread_mutex_lock(&lock_a);
  pthread_mutex_lock(&lock_b);
  value_a--;
  value_b++;
  pthread_mutex_unlock(&lock_b);
  pthread_mutex_unlock(&lock_a);
  return NULL;
}

static void* move_b_to_a(void* unused) {
  (void)unused;
  // The source is locked first here too, which is the opposite order.
  pthread_mutex_lock(&lock_b);
  pthread_mutex_lock(&lock_a);
  value_b--;
  value_a++;
  pthread_mutex_unlock(&lock_a);
  pthread_mutex_unlock(&lock_b);
  return NULL;
}

int main(void) {
  pthread_t forth, back;
  pthread_create(&forth, NULL, move_a_to_b, NULL);
  pthread_create(&back, NULL, move_b_to_a, NULL);
  pthread_join(forth, NULL);
  pthread_join(back, NULL);

  assert(value_a == 5 && value_b == 5);
  return 0;
}
