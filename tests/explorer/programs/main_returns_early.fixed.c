// Main waits for the worker before it returns, so the exit handler frees a log that nobody uses any more.
// expected: passed

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

struct log {
  int lines;
};

static struct log* event_log;
static atomic_bool log_open;

static void close_log(void) {
  free(event_log);
  atomic_store(&log_open, false);
}

static void* work(void* unused) {
  (void)unused;
  if (atomic_load(&log_open)) {
    event_log->lines++;
  }
  return NULL;
}

int main(void) {
  event_log = calloc(1, sizeof *event_log);
  assert(event_log != NULL);
  atomic_store(&log_open, true);
  atexit(close_log);

  pthread_t worker;
  pthread_create(&worker, NULL, work, NULL);
  pthread_join(worker, NULL);
  return 0;
}
