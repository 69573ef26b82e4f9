// Reader count: readers and the writer guard the count with one lock, so no reader can see a write half done.
// expected: passed

#include <assert.h>
#include <pthread.h>

static pthread_mutex_t count_lock = PTHREAD_MUTEX_INITIALIZER;
static int readers_inside;
static int low = 1;
static int high = 10;

static void* write_once(void* unused) {
  (void)unused;
  // While this lock is held, the count stays as it is.
  pthread_mutex_lock(&count_lock);
  if (readers_inside == 0) {
    low = 11;
    high = 20;
  }
  pthread_mutex_unlock(&count_lock);
  return NULL;
}

static void change_readers(int by) {
  pthread_mutex_lock(&count_lock);
  readers_inside += by;
  pthread_mutex_unlock(&count_lock);
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
