// Two threads meet at a barrier twice, and each time exactly one of them is told that it is the serial thread.
// expected: passed

#include <assert.h>
#include <pthread.h>

enum { THREADS = 2, ROUNDS = 2 };

struct worker {
  pthread_t thread;
  int serial_in_round[ROUNDS];
};

static pthread_barrier_t barrier;
static struct worker workers[THREADS];
static int written[ROUNDS][THREADS];

static void* work(void* argument) {
  struct worker* self = argument;
  int number = (int)(self - workers);
  for (int round = 0; round < ROUNDS; round++) {
    written[round][number] = 1;
    int outcome = pthread_barrier_wait(&barrier);
    assert(outcome == 0 || outcome == PTHREAD_BARRIER_SERIAL_THREAD);
    self->serial_in_round[round] = outcome == PTHREAD_BARRIER_SERIAL_THREAD;

    // Both have passed the barrier, so what either wrote before it is there.
    assert(written[round][0] == 1 && written[round][1] == 1);
  }
  return NULL;
}

int main(void) {
  pthread_barrier_init(&barrier, NULL, THREADS);
  for (int i = 0; i < THREADS; i++) {
    pthread_create(&workers[i].thread, NULL, work, &workers[i]);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(workers[i].thread, NULL);
  }
  for (int round = 0; round < ROUNDS; round++) {
    assert(workers[0].serial_in_round[round] + workers[1].serial_in_round[round] == 1);
  }
  pthread_barrier_destroy(&barrier);
  return 0;
}
