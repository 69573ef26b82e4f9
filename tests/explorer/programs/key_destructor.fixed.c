// Key destructor: it changes the count of closed sessions under the lock under which another thread reads it.
// expected: passed

#include <assert.h>
#include <pthread.h>

static pthread_key_t session_key;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sessions_closed;

// Runs in the ending thread, after its function has returned.
static void close_session(void* session) {
  (void)session;
  // Other threads still run, so the lock is needed here as everywhere.
  pthread_mutex_lock(&lock);
  sessions_closed++;
  pthread_mutex_unlock(&lock);
}

static void* use_session(void* session) {
  pthread_setspecific(session_key, session);
  return NULL;
}

static void* watch(void* unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  int closed = sessions_closed;
  pthread_mutex_unlock(&lock);
  assert(closed == 0 || closed == 1);
  return NULL;
}

int main(void) {
  static int session;
  pthread_key_create(&session_key, close_session);

  pthread_t user, watcher;
  pthread_create(&user, NULL, use_session, &session);
  pthread_create(&watcher, NULL, watch, NULL);
  pthread_join(user, NULL);
  pthread_join(watcher, NULL);

  assert(sessions_closed == 1);
  pthread_key_delete(session_key);
  return 0;
}
