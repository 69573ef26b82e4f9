// Back-off: a thread that fails to get its second lock tries again without releasing the first, and blocks itself.
// expected: deadlock
// deviations: 1

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

enum { ATTEMPTS = 2 };

struct task {
  pthread_mutex_t* mine;
  pthread_mutex_t* other;
  bool succeeded;
};

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static int uses_of_both;

static void* use_both(void* argument) {
  struct task* task = argument;
  for (int attempt = 0; attempt < ATTEMPTS && !task->succeeded; attempt++) {
    pthread_mutex_lock(task->mine);
    if (pthread_mutex_trylock(task->other) == 0) {
      uses_of_both++;
      task->succeeded = true;
      pthread_mutex_unlock(task->other);
      pthread_mutex_unlock(task->mine);
    } else {
      // The first lock is still held when the loop comes round.
      sched_yield();
    }
  }
  return NULL;
}

int main(void) {
  struct task first = {&left, &right, false};
  struct task second = {&right, &left, false};
  pthread_t first_thread, second_thread;
  pthread_create(&first_thread, NULL, use_both, &first);
  pthread_create(&second_thread, NULL, use_both, &second);
  pthread_join(first_thread, NULL);
  pthread_join(second_thread, NULL);

  assert(uses_of_both == first.succeeded + second.succeeded);
  return 0;
}
