// Reader count: readers and the writer guard the count with different locks, so a reader can see a write half done.
// expected: assertion
// deviations: 1

#include <assert.h>
#include <pthread.h>

static pthread_mutex_t reader_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t writer_lock = PTHREAD_MUTEX_INITIALIZER;
static int readers_inside;
static int low = 1;
static int high = 10;

static void* write_once(void* unused) {
  (void)unused;
  // This keeps other writers out, but not the readers.
  pthread_mutex_lock(&writer_lock);
  if (readers_inside == 0) {
    low = 11;
    high = 20;
  }
  pthread_mutex_unlock(&writer_lock);
  return NULL;
}

static void change_readers(int by) {
  pthread_mutex_lock(&reader_lock);
  readers_inside += by;
  pthread_mutex_unlock(&reader_lock);
}

static void* read_once(void* unused) {
  (void)unused;
  change_readers(+1);
  assert(low < high);
  change_readers(-1);
  return NULL;
}

int main(void) {
  pthread_t writer, reader;
  pthread_create(&writer, NULL, write_once, NULL);
  pthread_create(&reader, NULL, read_once, NULL);
  pthread_join(writer, NULL);
  pthread_join(reader, NULL);
  return 0;
}
