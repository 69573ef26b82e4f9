// Main frees the job after the worker has ended, so nobody can still be reading it.
// expected: passed

#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

struct job {
  int input;
  int result;
};

static sem_t result_ready;
static pthread_mutex_t books_lock = PTHREAD_MUTEX_INITIALIZER;
static int total_of_results;

static void* work(void* argument) {
  struct job* job = argument;
  job->result = job->input * 2;
  sem_post(&result_ready);

  // The announcement is made, but this thread is not done with the job.
  pthread_mutex_lock(&books_lock);
  total_of_results += job->result;
  pthread_mutex_unlock(&books_lock);
  return NULL;
}

int main(void) {
  struct job* job = malloc(sizeof *job);
  assert(job != NULL);
  job->input = 21;
  sem_init(&result_ready, 0, 0);

  pthread_t worker;
  pthread_create(&worker, NULL, work, job);
  sem_wait(&result_ready);
  assert(job->result == 42);
  pthread_join(worker, NULL);
  free(job);

  sem_destroy(&result_ready);
  return 0;
}
