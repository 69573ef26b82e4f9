// The data is written before the semaphore is posted, so the reader finds it there.
// expected: passed

#include <assert.h>
#include <pthread.h>
#include <semaphore.h>

static sem_t data_ready;
static int data;

static void* write_data(void* unused) {
  (void)unused;
  // The reader is let in last of all.
  data = 42;
  sem_post(&data_ready);
  return NULL;
}

static void* read_data(void* unused) {
  (void)unused;
  sem_wait(&data_ready);
  assert(data == 42);
  return NULL;
}

int main(void) {
  sem_init(&data_ready, 0, 0);

  pthread_t reader, writer;
  pthread_create(&reader, NULL, read_data, NULL);
  pthread_create(&writer, NULL, write_data, NULL);
  pthread_join(reader, NULL);
  pthread_join(writer, NULL);

  sem_destroy(&data_ready);
  return 0;
}
