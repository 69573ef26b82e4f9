// Every way to ask for a read-write lock gives the right answer, whether a writer or a reader holds it.
// expected: passed

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static struct timespec in_a_moment(void) {
  struct timespec deadline;
  clock_gettime(CLOCK_REALTIME, &deadline);
  deadline.tv_nsec += 10 * 1000 * 1000;
  if (deadline.tv_nsec >= 1000000000) {
    deadline.tv_nsec -= 1000000000;
    deadline.tv_sec++;
  }
  return deadline;
}

static void* ask_while_writer_inside(void* unused) {
  (void)unused;
  struct timespec deadline = in_a_moment();
  int try_read = pthread_rwlock_tryrdlock(&lock);
  int try_write = pthread_rwlock_trywrlock(&lock);
  int timed_read = pthread_rwlock_timedrdlock(&lock, &deadline);
  int timed_write = pthread_rwlock_timedwrlock(&lock, &deadline);
  assert(try_read == EBUSY && try_write == EBUSY);
  assert(timed_read == ETIMEDOUT && timed_write == ETIMEDOUT);
  return NULL;
}

static void* ask_while_reader_inside(void* unused) {
  (void)unused;
  struct timespec deadline = in_a_moment();
  int try_write = pthread_rwlock_trywrlock(&lock);
  int timed_write = pthread_rwlock_timedwrlock(&lock, &deadline);
  int try_read = pthread_rwlock_tryrdlock(&lock);
  int timed_read = pthread_rwlock_timedrdlock(&lock, &deadline);
  assert(try_write == EBUSY && timed_write == ETIMEDOUT);
  assert(try_read == 0 && timed_read == 0);
  pthread_rwlock_unlock(&lock);
  pthread_rwlock_unlock(&lock);
  return NULL;
}

int main(void) {
  pthread_t visitor;

  pthread_rwlock_wrlock(&lock);
  pthread_create(&visitor, NULL, ask_while_writer_inside, NULL);
  pthread_join(visitor, NULL);
  pthread_rwlock_unlock(&lock);

  pthread_rwlock_rdlock(&lock);
  pthread_create(&visitor, NULL, ask_while_reader_inside, NULL);
  pthread_join(visitor, NULL);
  pthread_rwlock_unlock(&lock);
  return 0;
}
