// A recursive mutex may be locked again by its owner, and an error-checking one reports every misuse.
// expected: passed

#include <assert.h>
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t recursive;
static pthread_mutex_t checked;
static int depth_reached;

static void init_mutex(pthread_mutex_t* mutex, int type) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, type);
  pthread_mutex_init(mutex, &attributes);
  pthread_mutexattr_destroy(&attributes);
}

static void* lock_twice(void* unused) {
  (void)unused;
  pthread_mutex_lock(&recursive);
  int again = pthread_mutex_lock(&recursive);
  assert(again == 0);
  depth_reached += 2;
  pthread_mutex_unlock(&recursive);
  // One unlock is still due, so nobody else is in here yet.
  depth_reached += 2;
  pthread_mutex_unlock(&recursive);
  return NULL;
}

static void* misuse_checked(void* unused) {
  (void)unused;
  int not_the_owner = pthread_mutex_unlock(&checked);
  assert(not_the_owner == EPERM);
  int still_held = pthread_mutex_trylock(&checked);
  assert(still_held == EBUSY);
  return NULL;
}

int main(void) {
  init_mutex(&recursive, PTHREAD_MUTEX_RECURSIVE);
  init_mutex(&checked, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_lock(&checked);
  int again = pthread_mutex_lock(&checked);
  assert(again == EDEADLK);

  pthread_t first, second, misuser;
  pthread_create(&first, NULL, lock_twice, NULL);
  pthread_create(&second, NULL, lock_twice, NULL);
  pthread_create(&misuser, NULL, misuse_checked, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  pthread_join(misuser, NULL);
  assert(depth_reached == 8);

  int by_owner = pthread_mutex_unlock(&checked);
  assert(by_owner == 0);
  int not_locked = pthread_mutex_unlock(&checked);
  assert(not_locked == EPERM);
  return 0;
}
